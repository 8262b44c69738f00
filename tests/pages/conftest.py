"""Pages of a served, seeded database in a browser that is let nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.served import served

AXE = (Path(__file__).with_name("axe") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def base(seeded_url: str) -> Iterator[str]:
    with served(seeded_url) as (address, _):
        yield address


@pytest.fixture
def opened(browser: Browser, base: str) -> Callable[..., object]:
    """Open a page that fails its test where it complains, breaks its policy or asks elsewhere."""

    @contextmanager
    def opening(width: int = 1440, **options: Any) -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        elsewhere, complaints = [], []

        def refuse(route: Route) -> None:
            if route.request.url.startswith((base, "data:")):
                route.continue_()
            else:
                elsewhere.append(route.request.url)
                route.abort()

        context.route("**/*", refuse)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        context.close()
        assert elsewhere == []
        assert [each for each in complaints if "status of 404" not in each] == []

    return opening


def findings(page: Page) -> list[str]:
    """Return what axe-core finds on a page: each rule with the elements that break it."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found["violations"]]
