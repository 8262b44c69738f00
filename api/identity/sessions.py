"""Sessions of people on the pages: a cookie that the pages alone read, and the token without which no form is taken.

The API takes the Bearer header only: on any other path the cookie is not looked at. What a page of another site sends
is nobody's, whatever cookie comes with it.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from dataclasses import dataclass

from starlette.types import Scope

from api.errors import log_internal
from api.identity.lookups import Lookups
from geo.audience import ANYBODY, GATE, Audience
from geo.database.tokens import TOKEN, digest_of, new_token
from geo.database.writer import Writer
from geo.errors import Forbidden, LakanaError
from geo.identity import invitations, sessions
from geo.identity.sessions import SignedIn
from geo.service import Resources

ROOMS = frozenset({"", "desk", "imports", "maps", "mine", "nearest", "signin", "signout", "steward"})
"""The first parts of the paths of the pages that know who is signed in."""
HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
SAFE = frozenset({"GET", "HEAD"})
SESSION, FORM = "lakana", "lakana-form"
"""The names of the cookies: of a session, and of the form by which one signs in."""
NOT_OURS = "The form does not belong to this session; open its page again."


def is_page(path: str) -> bool:
    """Return whether the page at a path knows who is signed in."""
    return path.partition("/")[0] == "" and path[1:].partition("/")[0] in ROOMS


def is_here(scope: Scope) -> bool:
    """Return whether a browser of this very machine asks, without a proxy: it has no TLS, and needs none."""
    headers = _headers(scope)
    return scope.get("scheme") == "http" and _host(headers) in HERE and "x-forwarded-for" not in headers


def site(scope: Scope) -> str:
    """Return the address that people reach this by, as far as a request tells: by TLS, but on this machine."""
    host = _headers(scope).get("host", "")
    return f"http://{host}" if is_here(scope) else f"https://{host}"


def cookie_name(scope: Scope, name: str) -> str:
    """Return the full name of a cookie: with the prefix that holds it to this host and to TLS, but on this machine."""
    return name if is_here(scope) else f"__Host-{name}"


def cookie(scope: Scope, name: str, value: str, lasts_s: int, *, strict: bool = False) -> str:
    """Return the header that sets a cookie, for so many seconds; 0 takes it away."""
    rules = ["Path=/", "HttpOnly", f"SameSite={'Strict' if strict else 'Lax'}", f"Max-Age={lasts_s}"]
    secure = [] if is_here(scope) else ["Secure"]
    return "; ".join([f"{cookie_name(scope, name)}={value}", *rules, *secure])


def shown_cookie(scope: Scope, name: str) -> str | None:
    """Return the secret in a cookie of this name; ``None`` if there is none, or several: one may be planted."""
    shown = b";".join(value for key, value in scope["headers"] if key == b"cookie").decode("latin-1")
    if not shown:
        return None
    # Not cut into its parts, of which there may be thousands: 6 ms for a header of semicolons, by anybody.
    found = [each.strip() for each in re.findall(rf"(?:^|;)\s*{cookie_name(scope, name)}=([^;]*)", shown)]
    return found[0] if len(found) == 1 and TOKEN.fullmatch(found[0]) else None


def session_cookie(scope: Scope) -> str | None:
    """Return the secret of the session that a request shows; ``None`` off the pages, and from another site's page."""
    if not is_page(scope["path"]) or (scope["method"] not in SAFE and not is_own(scope)):
        return None
    return shown_cookie(scope, SESSION)


def is_own(scope: Scope) -> bool:
    """Return whether a page of ours sends this, as far as the browser says where it comes from."""
    headers = _headers(scope)
    if (site := headers.get("sec-fetch-site")) is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin", "null")  # the pages name no referrer, and so their forms no origin
    return origin == "null" or origin.partition("://")[2] == headers.get("host")


def form_token(secret: str) -> str:
    """Return the token that the forms of a cookie's holder carry: nobody makes it without the cookie's secret."""
    return hmac.new(secret.encode(), b"form", "sha256").hexdigest()


def is_form_of(secret: str, shown: str) -> bool:
    """Return whether a form carries the token of this cookie, in the same time whatever it carries."""
    return hmac.compare_digest(form_token(secret), shown.encode("ascii", "replace").decode())


@dataclass(frozen=True, slots=True)
class Session:
    """The session of whoever opened a page; its ``repr`` holds no secret."""

    signed_in: SignedIn

    @property
    def name(self) -> str:
        """Return what the person is called."""
        return self.signed_in.name

    @property
    def audience(self) -> Audience:
        """Return as what the person is let in."""
        return self.signed_in.caller.audience

    @property
    def form_token(self) -> str:
        """Return the value of the field ``csrf`` of each form."""
        return form_token(self.signed_in.token)

    def check(self, shown: str) -> None:
        """Check the field ``csrf`` of a form that was sent.

        Raises
        ------
        Forbidden
            If it is not that of this session.

        """
        if not is_form_of(self.signed_in.token, shown):
            raise Forbidden(NOT_OURS)


class Sessions:
    """Opens, finds and ends sessions.

    Parameters
    ----------
    resources
        With the pool of the gate's login, and the writer.

    """

    def __init__(self, resources: Resources) -> None:
        self._writer: Writer = resources.writer
        self._found = Lookups(resources.gate, "sessions", sessions.lookup)
        self._open_links = Lookups(resources.gate, "links", invitations.lookup)
        self._noting: set[asyncio.Task[None]] = set()

    async def find(self, token: str) -> SignedIn | None:
        """Return who is signed in by a session of this secret; ``None`` where there is none, or it is over.

        Nothing is cached: a session that was ended is over at once.
        """
        found = SignedIn.of(token, await self._found.row(digest_of(token)))
        if found is not None and found.due:
            task = asyncio.create_task(self._note_seen(found))  # nobody waits for it
            self._noting.add(task)
            task.add_done_callback(self._noting.discard)
        return found

    async def open(self, code: str, turn: str) -> str | None:
        """Spend a link and return the secret of a new session; ``None`` if the link is not good, or not any more.

        Only a good link comes to the writer, however many are tried. ``turn`` is the holder that takes turns there.
        """
        if not TOKEN.fullmatch(code) or await self._open_links.row(digest_of(code)) is None:
            return None
        token = new_token()
        done = await self._writer.run(
            ANYBODY, lambda connection: sessions.sign_in(connection, code, token), turn, login=GATE
        )
        return token if done else None

    async def end(self, found: SignedIn) -> None:
        """End a session."""
        await self._writer.run(
            ANYBODY, lambda connection: sessions.sign_out(connection, found.token), found.caller.turn, login=GATE
        )

    async def _note_seen(self, found: SignedIn) -> None:
        try:
            await self._writer.run(
                ANYBODY, lambda connection: sessions.see(connection, found.token), found.caller.turn, login=GATE
            )
        except LakanaError as error:  # a database that cannot write now still shows its pages
            log_internal(error)


def _host(headers: dict[str, str]) -> str:
    host = headers.get("host", "")
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
