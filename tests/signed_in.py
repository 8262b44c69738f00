"""Browsers in process: whom they are is in their cookies alone, as a person's on the pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from api.app import create_app
from api.settings import Settings
from geo.identity import invitations, people
from geo.identity.people import NO_PROVIDER, Identity
from geo.identity.scope import Scope

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
HOST = "https://lakana.test"


def csrf_in(answer: httpx.Response) -> str:
    """Return the token of the forms of a page that was shown; no text if it has none."""
    found = CSRF.search(answer.text)
    return found[1] if found else ""


class Browser:
    """Opens pages and sends their forms; it keeps cookies, and sends them to the host that set them."""

    def __init__(self, run: Callable[..., Any], app: Starlette, address: str = "192.0.2.1") -> None:
        self._run = run
        transport = httpx.ASGITransport(app=app, client=(address, 1234))
        self.http = httpx.AsyncClient(transport=transport, base_url=HOST)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer: httpx.Response = self._run(self.http.request(method, path, **options))
        return answer

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def token(self, page: str = "/signin") -> str:
        """Return the token of the forms of a page."""
        return csrf_in(self.get(page))

    def send(self, page: str, form: dict[str, str], to: str = "", **options: Any) -> httpx.Response:
        """Open a page and send a form of it."""
        return self.post(to or page, data={"csrf": self.token(page), **form}, **options)

    def sign_in(self, code: str) -> httpx.Response:
        """Spend a link."""
        return self.send("/signin", {"code": code})

    def name(self) -> str | None:
        """Return what the page calls whoever is signed in."""
        found = re.search(r'class="lead"><b translate="no">([^<]+)</b>', self.get("/signin?lang=en").text)
        return found[1] if found else None


@contextmanager
def browsers(url: str, settings: Settings) -> Iterator[Callable[..., Browser]]:
    """Give a function that opens browsers on one application."""
    with asyncio.Runner() as runner:
        app = create_app(settings, url)
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        yield lambda *address: Browser(runner.run, app, *address)
        runner.run(lifespan.__aexit__(None, None, None))


def invited(url: str, scope: Scope, name: str = "Awa") -> tuple[Identity, str]:
    """Let a person in and return who they are, with the secret of a link."""
    identity = Identity(NO_PROVIDER, people.new_subject())
    people.add(url, identity, name, scope)
    return identity, invitations.invite(url, identity)
