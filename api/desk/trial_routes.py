"""``POST /desk/try``, ``/desk/best``, ``/desk/save``: parts of the desk, for its script, about sites that are tried.

Who asks shows a key in a header, or is signed in: then the script sends the session's form token in ``X-CSRF-Token``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from api.desk import trial
from api.desk.choices import Choices, choices_of
from api.desk.trial import PROBLEMS, Changed, Sent, sent_of
from api.errors import STATUS
from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.identity.visitor import Visitor
from api.languages import page_language
from api.pages.errors import not_answered, refused
from api.pages.templates import SCRIPTED, page, page_headers
from geo.errors import BadInput, LakanaError
from geo.service import Resources
from geo.vocabulary import Locale

TRY, BEST, SAVE = "/desk/try", "/desk/best", "/desk/save"
RESERVED = frozenset({"FORBIDDEN", "UNAUTHENTICATED"})
Told = dict[str, Any]


class TrialRoutes:
    """The routes of what is tried.

    Parameters
    ----------
    operations, resources
        What answers.

    """

    def __init__(self, operations: Operations, resources: Resources) -> None:
        self._operations = operations
        self._resources = resources

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""

        async def tries(asker: Asker, choices: Choices, sent: Sent, locale: Locale) -> Told:
            return {"told": Changed(await trial.tried(asker, choices, sent), choices, locale)}

        async def finds(asker: Asker, choices: Choices, sent: Sent, _: Locale) -> Told:
            sites = await trial.best(asker, choices, sent)
            return {"sites": sites, "problem": None if sites else PROBLEMS["none"]}

        async def saves(asker: Asker, choices: Choices, sent: Sent, _: Locale) -> Told:
            problem = await trial.save(asker, choices, sent)
            return {"against": problem, "problem": None if problem else PROBLEMS["saved"]}

        asked = ((TRY, tries), (BEST, finds), (SAVE, saves))
        return [Route(path, self._answering(does), methods=["POST"]) for path, does in asked]

    def _answering(
        self, does: Callable[[Asker, Choices, Sent, Locale], Awaitable[Told]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                locale = page_language(request)
                visitor = Visitor.of(request)
                if visitor.session is not None:
                    visitor.session.check(request.headers.get("x-csrf-token", ""))
                choices, sent = choices_of(request.query_params), sent_of(await request.body())
                asker = Asker.of(visitor, self._operations, self._resources, locale)
                return _part(await does(asker, choices, sent, locale), locale)
            except BadInput as error:
                if error.problem not in PROBLEMS.values():
                    return refused(error, request)
                return _part({"problem": error.problem}, locale, 400)
            except Refused as error:
                return _refused(error, request, locale)
            except LakanaError as error:
                return refused(error, request)

        return answer


def _refused(error: Refused, request: Request, locale: Locale) -> Response:
    code, message = error.errors[0]["extensions"]["code"], error.errors[0]["message"]
    if code in RESERVED:
        return _part({"problem": PROBLEMS["planners"]}, locale, 403)
    if STATUS.get(code) == 400:  # noqa: PLR2004  what is wrong with a point or a number, as the API says it
        return _part({"against": message}, locale, 400)
    return not_answered(error, request)


def _part(given: Told, locale: Locale, status: int = 200) -> Response:
    nothing: Told = {"told": None, "sites": [], "problem": None, "against": None}
    headers = {**page_headers(locale, SCRIPTED), "cache-control": "no-store"}
    return HTMLResponse(page("desk_trial.html", locale, **(nothing | given)), status, headers)
