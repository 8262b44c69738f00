"""The templates of the pages, and the policy of what a page may load: its own files, and nothing that stands in it."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from api.identity.sessions import Session
from api.pages.catalogue import Speaker
from geo.vocabulary import Locale
from maps import numbers

OWN_ONLY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
POLICY = OWN_ONLY + "style-src 'self'; img-src 'self'; connect-src 'self'"
SCRIPTED = POLICY + "; script-src 'self'"
"""Of a page that has a script of our own."""
NAMES = {Locale.FR: "Français", Locale.EN: "English", Locale.BM: "Bamanankan"}
"""What each language calls itself."""
ROLES = {
    "PARTNER": "Partner",
    "PLANNER": "Planner",
    "CUSTODIAN": "Custodian",
    "STEWARD": "Steward",
}
"""What people who sign in are called by what they may do."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """Return the template of this name; the values that it renders are escaped."""
    return _environment().get_template(name)


def page(name: str, locale: Locale, *, here: str = "/", session: Session | None = None, **values: object) -> str:
    """Return a page that extends ``base.html``, in a language.

    Parameters
    ----------
    name
        Of its template, which says texts by ``say``, ``plain`` and ``term`` (:class:`api.pages.catalogue.Speaker`), and
        a day and a quarter by ``day`` and ``period``, as people write them.
    locale
        Its language.
    here
        The path that the links to the other languages lead to.
    session
        That of whoever opened it: ``Visitor.of(request).session``. The page then shows who is signed in, and each form
        of it that changes something holds ``{{ csrf }}``.
    values
        What else the template reads.

    """
    speaker = Speaker(locale)
    given = {
        "speaker": speaker,
        "say": speaker.say,
        "plain": speaker.plain,
        "term": speaker.term,
        "lang": locale.name.lower(),
        "languages": [(each.name.lower(), words) for each, words in NAMES.items()],
        "here": here,
        "session": session,
        "roles": ROLES,
        "day": lambda at: numbers.day(at, locale),
        "period": lambda of: numbers.period(of, locale),
        "csrf": csrf_field(session.form_token if session else ""),
    }
    return template(name).render(**given, **values)


def csrf_field(token: str) -> Markup:
    """Return the field by which a form shows that it is from a page of the session."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


def page_headers(locale: Locale, policy: str = POLICY) -> dict[str, str]:
    """Return the headers of a page: its policy, its language, and that the browser's own decides which it is."""
    return {
        "content-security-policy": policy,
        "content-language": locale.name.lower(),
        "vary": "Accept-Encoding, Accept-Language",
    }
