"""What a reader sees when a page cannot be shown: in the language of the page, not in a program's words.

A browser gets a page with a link back; any other client gets one line of text: ``field: what to change.``
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from api.errors import TABLE, told_as
from api.graphql.compile.response import Refused
from api.identity.visitor import Visitor
from api.languages import locale_of, usual_language
from api.media_types import GRAPHQL, HTML, JSON, preferred
from api.pages.catalogue import say
from api.pages.nations import WhichNation
from api.pages.parameters import NotOneOf
from api.pages.templates import POLICY, page
from geo.arguments import LEAST_DISTANCE_M, MOST_REACH_M
from geo.errors import BadInput, LakanaError, Unavailable
from geo.vocabulary import Locale

NOT_FOUND, NOT_SO = 404, 405
BAD = TABLE[BadInput].code
PAGES = frozenset(
    {"/", "/imports", "/mine", "/nearest", "/nearest/offline", "/signin", "/signout", "/steward", "/steward/duplicates"}
)
SENTENCES = {
    "lang": "choose fr, en or bm.",
    "one": "choose one of {names}.",
    "parameters": "this map knows these and no others: {names}.",
    "period": "give a year (2025) or a quarter (2025-Q4) of which counts are published.",
    "place": "give the code of a town or village whose place is known.",
    "scenario": "this is none of your scenarios; save one on the planner’s desk first.",
    "metres": "give a number of metres, {least} to {most}.",
    "400": "this cannot be asked; choose again on the start page.",
    "401": "The key or token that was shown is not good; open the page without it, or with another.",
    "403": "This page, or what it sent, is not for you; sign in, and open it again.",
    "404": "There is no page at this address.",
    "405": "This address cannot be opened in this way; go back to the start page.",
    "429": "Too many requests in a minute; try again in {seconds} s.",
    "503": "The page cannot be made now; try again in {seconds} s.",
}
"""What is said of a parameter that is not good, and of a status."""


def is_page(path: str) -> bool:
    """Return whether this path is a page for people and not for programs."""
    return path in PAGES or path.startswith("/maps/")


def wants_html(request: HTTPConnection) -> bool:
    """Return whether a browser requests a page, rather than a program an answer."""
    return preferred(request.headers.get("accept"), (JSON, GRAPHQL, HTML)) == HTML


def language(request: HTTPConnection) -> Locale:
    """Return the requested language of a page; that of the country if we do not have it."""
    usual = usual_language(request)
    try:
        return locale_of(request.query_params.get("lang", usual.name))
    except BadInput:
        return usual


def refused(error: LakanaError, request: HTTPConnection) -> Response:
    """Return the response to an error: 400, 401, 403, 429 or 503, the last two with ``Retry-After``."""
    if isinstance(error, WhichNation) and wants_html(request):
        return _chooser(error, request)
    status = told_as(error).status
    seconds = getattr(error, "retry_after_s", 1)
    locale = language(request)
    field = error.field if isinstance(error, BadInput) else ""
    if isinstance(error, BadInput):
        sentence = _choice(error, locale)
    else:
        sentence = say(SENTENCES[str(status)], locale, seconds=seconds)
    answer = _answer(status, f"{field}: {sentence}" if field else sentence, request, locale)
    if status in {429, 503}:
        answer.headers["retry-after"] = str(seconds)
    return answer


def not_answered(error: Refused, request: HTTPConnection) -> Response:
    """Return the response of a page whose questions the API refused: 400 for what was chosen, else 503."""
    if error.errors[0]["extensions"]["code"] == BAD:
        return refused(BadInput("", ""), request)
    return refused(Unavailable("The answer cannot be given now; try again."), request)


async def missing(request: Request, error: Exception) -> Response:
    """Return the response to an unknown path, or to a method that a path does not take."""
    locale = language(request)
    status = error.status_code if isinstance(error, HTTPException) else NOT_FOUND
    headers = error.headers if isinstance(error, HTTPException) else None
    answer = _answer(status, say(SENTENCES[str(status)], locale), request, locale)
    answer.headers.update(headers or {})
    return answer


def _chooser(error: WhichNation, request: HTTPConnection) -> Response:
    """Return the page that lets a reader choose one of several nations: links to the same map of each."""
    locale, url = language(request), request.url
    of_each = [(url.include_query_params(area=code), name) for code, name in error.names.items()]
    links = [(f"{address.path}?{address.query}", name) for address, name in of_each]
    shown = page("nations.html", locale, session=Visitor.session_of(request), nations=links)
    headers = {"cache-control": "no-store", "content-language": locale.name.lower()}
    return HTMLResponse(shown, headers={**headers, "content-security-policy": POLICY})


def _choice(error: BadInput, locale: Locale) -> str:
    names = ", ".join(error.names if isinstance(error, NotOneOf) else ())
    thousands = f"{MOST_REACH_M:,.0f}".replace(",", "," if locale is Locale.EN else "\u202f")
    least = f"{LEAST_DISTANCE_M}".replace(".", "." if locale is Locale.EN else ",")
    usual = SENTENCES["one"] if isinstance(error, NotOneOf) else SENTENCES["400"]
    return say(SENTENCES.get(error.field, usual), locale, names=names, least=least, most=thousands)


def _answer(status: int, sentence: str, request: HTTPConnection, locale: Locale) -> Response:
    headers = {"cache-control": "no-store", "content-language": locale.name.lower()}
    if not wants_html(request):
        return PlainTextResponse(sentence, status, headers)
    shown = page("refusal.html", locale, session=Visitor.session_of(request), sentence=sentence)
    return HTMLResponse(shown, status, {**headers, "content-security-policy": POLICY})
