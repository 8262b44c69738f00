"""A window of the system's Chromium on one page, with all that the page asked for and complained of."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective));
window.alert = () => violations.push('alert');
"""
DRAWN = "performance.getEntriesByName('lakana-drawn').length > 0"


@dataclass
class Watched:
    """A page with all that it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def assert_quiet(self):
        assert self.page.evaluate("window.violations") == []
        assert self.complaints == []
        assert [url for url in self.requests if not url.startswith(("file://", "data:", "blob:"))] == []


def wait_until_drawn(page):
    """Ask again and again: Playwright's own waiting evaluates text in the page, which the policy forbids."""
    for _ in range(200):
        if page.evaluate(DRAWN):
            return
        page.wait_for_timeout(50)
    pytest.fail("the map was not drawn within 10 s")


def settle(page):
    page.wait_for_timeout(500)  # let the animation of the clusters end
