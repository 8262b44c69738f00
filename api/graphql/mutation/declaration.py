"""How a mutation is declared: who may use it, the write that it makes, what it takes, and what it gives.

From the write follow the mutation's one argument ``input``, the type of its success and the union of its results.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any, get_type_hints

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.execution import Context
from api.graphql.compile.readings import KEY, Worked
from api.graphql.declarations import about, arguments, described, plain, taken
from api.graphql.types import written
from api.graphql.types.inputs.offered import InputField, Unread, fields_of, input_of, unread, values_of
from api.names import spelt
from geo import metering
from geo.audience import Audience
from geo.writes.records import Record
from geo.writes.write import Write, once

KEY_OF_WRITE = InputField(
    str,
    "1 to 200 characters that you make up for this write alone, a UUID for example. Sent again with the same key "
    "within 48 hours, a write is made once, and `replayed` says so.",
)
DONE = {"create": "Created", "update": "Updated", "retire": "Retired", "verify": "Verified", "record": "Recorded",
        "propose": "Proposed", "review": "Reviewed", "set": "Set", "start": "Started",
        "suspend": "Suspended", "cancel": "Cancelled", "undo": "Undone", "settle": "Settled",
        "invite": "Invited", "renew": "Renewed", "revoke": "Revoked", "withdraw": "Withdrawn"}  # fmt: skip
"""What the success of a mutation is called, by the verb that the mutation begins with."""


@dataclass(frozen=True)
class Takes:
    """A further field of the input, itself an input, which gives values of the write.

    ``values`` turns it into these; ``path`` returns where in it a field of the write stands.
    """

    name: str
    type: type
    words: str
    values: Callable[[Any], Mapping[str, Any]]
    path: Callable[[Any, str], str]


def changed(type_: type, values: Callable[[Any], Mapping[str, Any]] = values_of) -> Takes:
    """Return what an update takes: the fields to change."""
    return Takes(
        "changes",
        type_,
        "What to change.",
        lambda given: {"values": values(given)},
        lambda _, field: "" if field == "values" else field,
    )


def writes(
    *audiences: Audience,
    of: type,
    new: type | None = None,
    takes: Takes | None = None,
    gives: Mapping[str, type] = MappingProxyType({}),
    further: tuple[str, ...] = (),
    price: prices.Size = prices.write,
    values: Callable[[Any], Mapping[str, Any]] = values_of,
    **known: Any,
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a mutation for these audiences; the docstring is its description.

    Parameters
    ----------
    audiences, price
        Who may use it, and what it costs.
    of
        The class that declares what it takes: a write, or a class from which the function makes the write that it
        returns.
    new
        The dataclass that declares the fields of a new record, which the input has too; ``values`` turns these into
        values of the write.
    takes
        A further field of the input.
    gives
        The records that can be read from its success, by field.
    further
        What its success says besides (:data:`api.graphql.types.written.FURTHER`).
    known
        Fixed values of the write.

    """

    def declare(make: Callable[..., Any]) -> Any:
        verb, _, rest = make.__name__.partition("_")
        subject, mutation = _pascal(rest), spelt(make.__name__)
        name = _pascal(make.__name__)
        all_of = arguments(of)
        fields = _fields_of_write(of, known.get("record")) | (fields_of(new) if new else {})
        fields |= {takes.name: InputField(takes.type, takes.words)} if takes else {}
        fields |= {"idempotency_key": KEY_OF_WRITE}
        given_type = unread(input_of(f"{name}Input", f"What {mutation} takes.", fields))
        own = {each.name for each in all_of} | {"idempotency_key"} | ({*fields_of(new)} if new else set())
        refusals = (of if issubclass(of, Write) else get_type_hints(make)["return"]).refusals
        done = written.success(f"{subject}{DONE[verb]}", mutation, gives, further, audiences)
        result = written.result(f"{name}Result", mutation, done, refusals)

        def path(given: Any, field: str) -> str:
            """Return where in the input a field of the write stands."""
            head = field.partition(".")[0]
            if head in own:
                return field
            if takes is not None:
                return f"{takes.name}.{takes.path(getattr(given, takes.name), field)}".removesuffix(".")
            return "id" if "id" in own else field

        def made(self: Any, given: Any) -> Write:
            ours = {spelt(each): plain(getattr(given, each)) for each in fields_of(of)}
            asked = taken(all_of, {each: value for each, value in ours.items() if value is not strawberry.UNSET})
            if new is not None:
                asked |= {"values": {each: one for each, one in values(given).items() if each != "idempotency_key"}}
            if takes is not None:
                asked |= takes.values(getattr(given, takes.name))
            built = of(**known, **asked)
            return built if isinstance(built, Write) else make(self, built)

        async def resolver(self: Any, info: strawberry.Info, **given: Any) -> Any:
            asked: Unread = given["input"]
            try:
                saved = await _saved(
                    info.context, mutation, asked.given["idempotencyKey"], lambda: made(self, asked.values)
                )
            except refusals as error:
                return written.refused(error, spelt(path(asked.values, getattr(error, "field", ""))))
            return done(saved=saved)

        _sign(resolver, make.__name__, given_type, result | None)
        return strawberry.mutation(resolver=resolver, metadata={KEY: Worked(price)}, **described(make, audiences))

    return declare


def _fields_of_write(of: type, record: Record | None) -> dict[str, InputField]:
    """Return the fields of a write; where it is of a kind of record, the id says of which."""
    fields = fields_of(of)
    if record is not None and "id" in fields:
        fields["id"] = replace(fields["id"], words=record.called)
    return fields


def _sign(resolver: Any, name: str, given_type: type, result: Any) -> None:
    """Give a resolver the name and the signature that Strawberry reads."""
    hints = {"info": strawberry.Info, "input": Annotated[given_type, about("What it takes.")]}
    shown = {"self": inspect.Parameter.empty} | hints
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(each, kind, annotation=hint) for each, hint in shown.items()]
    resolver.__signature__ = inspect.Signature(parameters, return_annotation=result)
    resolver.__annotations__ = hints | {"return": result}
    resolver.__name__ = name


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


async def _saved(context: Context, mutation: str, key: str, make: Callable[[], Write]) -> Any:
    """Build a write, which may take long since it checks the values, and run it."""
    asked = await context.resources.checks.run(make, context.caller)
    watch = metering.Stopwatch()
    try:
        return await context.resources.writer.run(
            context.caller,
            watch.timing(lambda connection: once(asked, key, connection, context.caller)),
            then=lambda: asked.follow_up(context.resources),
        )
    finally:
        metering.SPENT.note(mutation, watch.seconds)
