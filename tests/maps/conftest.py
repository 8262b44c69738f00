"""Windows on the maps, with the network refused."""

import pytest
from playwright.sync_api import Route

from tests.maps.window import WATCH, Watched, wait_until_drawn


@pytest.fixture
def show(browser, tmp_path):
    contexts = []

    def opened(drawn, width=1280, height=800) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        context.add_init_script(WATCH)
        watched = Watched(context.new_page())

        def refuse(route: Route) -> None:
            watched.requests.append(route.request.url)
            if route.request.url.startswith("file://"):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", refuse)
        watched.page.on("console", lambda message: watched.complaints.append(message.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        file = tmp_path / f"map{len(contexts)}.html"
        file.write_text(drawn.html, encoding="utf-8", newline="")
        watched.page.goto(file.as_uri())
        wait_until_drawn(watched.page)
        return watched

    yield opened
    for context in contexts:
        context.close()
