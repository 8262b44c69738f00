"""What a person does on a page: each act is one mutation of the API, in their name, with all its checks.

Its idempotency key is made of the form, which holds a number of the page that showed it: pressed twice, an act is done
once; on a page that is opened anew, it is done anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.exports.asking import Asker
from api.graphql.compile.response import Refused
from geo.errors import BadInput

Fields = Mapping[str, str]

NOT_DONE = {
    "Conflict": "It has changed since you saw it, or others depend on it. Look at it as it is now, and decide anew.",
    "NotFound": "It is not there any more, or not yours.",
    "Forbidden": "You may not do this: it is another organisation's, or another steward has to.",
    "ValidationError": "It was not done: a value does not hold.",
    "": "It was not done. Look whether it is there, and try again.",
}
"""What is said of an act that was refused, by the type of the API's answer."""


@dataclass(frozen=True, slots=True)
class Act:
    """A button of a page.

    Parameters
    ----------
    mutation
        Its field in the schema.
    given
        Makes the input, but for its idempotency key, from the fields of the form; raises :class:`geo.errors.BadInput`.
    done
        What is said once it is done.
    told
        What is read of its success.
    then
        An act of the same form that follows once this one is done; where it is not done, its refusal is what is said.

    """

    mutation: str
    given: Callable[[Fields], Mapping[str, Any]]
    done: str
    told: str = ""
    then: Act | None = None

    @property
    def document(self) -> str:
        """Return the document that is asked."""
        input_type = f"{self.mutation[0].upper()}{self.mutation[1:]}Input"
        return (
            f"mutation ($input: {input_type}!) {{ done: {self.mutation}(input: $input)"
            f" {{ __typename ... on WriteError {{ message }} {self.told} }} }}"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: words for it, and what the API said."""

    words: str
    is_done: bool
    detail: str = ""
    """The API's own sentence, in English."""
    answer: Mapping[str, Any] | None = None


async def perform(asker: Asker, act: Act, fields: Fields) -> Outcome:
    """Perform an act in the name of whoever asks.

    Raises
    ------
    LakanaError
        Where the API would refuse it before it runs, or cannot run it now.

    """
    try:
        given = {"input": {**act.given(fields), "idempotencyKey": _key(act, fields)}}
    except BadInput as error:
        return Outcome(NOT_DONE["ValidationError"], is_done=False, detail=str(error))
    try:
        answer = (await asker.paid(act.document, given))["done"]
    except Refused as refused:
        return Outcome(NOT_DONE[""], is_done=False, detail=str(refused.errors[0].get("message", "")))
    kind = answer["__typename"]
    if kind in NOT_DONE:
        return Outcome(NOT_DONE[kind], is_done=False, detail=answer["message"])
    if act.then is not None and not (followed := await perform(asker, act.then, fields)).is_done:
        return followed
    return Outcome(act.done, is_done=True, answer=answer)


def _key(act: Act, fields: Fields) -> str:
    said = [act.mutation, *sorted((name, value) for name, value in fields.items() if name != "csrf")]
    return f"page {hashlib.sha256(json.dumps(said).encode()).hexdigest()}"


def number(fields: Fields, name: str) -> int:
    """Return a whole number of a form.

    Raises
    ------
    BadInput
        If it is none.

    """
    text = fields.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004  what GraphQL takes
        raise BadInput(name, "give a whole number.")
    return int(text)
