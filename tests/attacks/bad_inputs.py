"""Requests that are wrong on purpose, of many kinds, and what any answer to one must hold to."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import httpx
import schemathesis
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.attacks.arguments import Values
from tests.attacks.client import Request
from tests.attacks.operations import Surface, surfaces
from tests.attacks.routes import PARAMETERS
from tests.graphql.test_http import MALFORMED

Requests = st.SearchStrategy[Request]

CODES = {
    "BAD_USER_INPUT",
    "GRAPHQL_VALIDATION_FAILED",
    "FORBIDDEN",
    "UNAUTHENTICATED",
    "TOO_COSTLY",
    "RATE_LIMITED",
    "TIMEOUT",
}
"""Codes of the contract that the caller causes. INTERNAL and UNAVAILABLE are ours: no input here may cause them."""
LEAKS = re.compile(
    rb"Traceback|psycopg|sqlalchemy|site-packages|File \"|\w+\.py\b|/usr/|/roo[t]/|/home/|0x[0-9a-f]{8,}|SELECT .{0,200} FROM"
    rb"|PL/pgSQL|SQLSTATE|syntax error at|violates|relation \"|column \"|exact\.site|raw\.incident|lakana_(?:public|partner|planner|custodian|steward|gate)",
    re.DOTALL,
)
"""Text that only the internals of the machine would produce."""
LONGEST_S = 5.0
WORDS = 2
"""The fewest words of a sentence."""

NASTY = st.sampled_from(
    (
        *(
            "",
            " ",
            "\0",
            "'",
            "';--",
            "\\",
            "$1",
            "%s",
            "{}",
            "\ud800",
            "\u202e",
            "a" * 201,
            "a" * 5_000,
            "1 OR 1=1",
            "NaN",
        ),
        *("-7.1", "SCHEME:CODE", "COD-AB:ML03", "2025-Q5", "0000", "9999-Q1", "é" * 100, "<script>", "../..", "null"),
    )
)
TEXT = st.one_of(NASTY, st.text(max_size=40))
NUMBER = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from(
        [0, -1, 2**31 - 1, 2**31, -(2**31) - 1, 2**63, 10**30, 1e308, 5e-324, -0.0, 180.0000001, 90.0000001]
    ),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _value(name: str, type_: GraphQLInputType, values: Values) -> st.SearchStrategy[object]:
    """Return values for an argument: of its type or nearly so, or anything."""
    match type_:
        case GraphQLNonNull(of_type=inner):
            return _value(name, inner, values)
        case GraphQLList(of_type=inner):
            typed: st.SearchStrategy[object] = st.lists(_value(name, inner, values), max_size=4)
        case GraphQLEnumType():
            typed = st.sampled_from([*type_.values, "NOPE"])
        case GraphQLInputObjectType():
            fields = {each: _value(each, field.type, values) for each, field in type_.fields.items()}
            typed = st.fixed_dictionaries({}, optional={**fields, "more": JSON})
        case _:
            typed = st.one_of(
                NUMBER if type_.name in {"Int", "Float"} else TEXT,
                st.sampled_from(values.of(name, GraphQLArgument(type_))),
            )
    return st.one_of(typed, typed, typed, JSON)


def _post(body: object) -> Request:
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    return Request("POST", "/graphql", {"content-type": "application/json", "x-request-id": "bad"}, content)


def document(surface: Surface) -> str:
    below = "{ __typename }" if is_composite_type(get_named_type(surface.field.type)) else ""
    declared = ", ".join(f"${name}: {each.type}" for name, each in surface.field.args.items())
    passed = ", ".join(f"{name}: ${name}" for name in surface.field.args)
    called = f"{surface.name}({passed})" if passed else surface.name
    return f"{surface.kind} {f'({declared})' if declared else ''} {{ {called} {below} }}"


def variables(schema: GraphQLSchema, values: Values, kind: str) -> Requests:
    """Return every operation of a kind with variables that fit, nearly fit or do not."""

    def of(surface: Surface) -> Requests:
        known = {name: _value(name, each.type, values) for name, each in surface.field.args.items()}
        given = st.fixed_dictionaries({}, optional=known)
        text = document(surface)
        return given.map(lambda chosen: _post({"query": text, "variables": chosen}))

    return st.one_of([of(each) for each in surfaces(schema) if each.kind == kind])


FITTING = {"AreaCode": "COD-AB:ML03", "Period": "2025-Q3", "Language": "bm"}


def by_schemathesis(sdl: str, root: str) -> Requests:
    """Return the documents that schemathesis makes of a schema, with values that fit and that do not."""
    for name, good in FITTING.items():
        texts = st.one_of(st.just(good), st.text(max_size=20))
        schemathesis.graphql.scalar(name, texts.map(schemathesis.graphql.nodes.String))
    found = [each.ok() for each in schemathesis.graphql.from_file(sdl).get_all_operations() if isinstance(each, Ok)]
    strategies = [
        each.as_strategy(generation_mode=mode)
        for each in found
        if each.label.startswith(root)
        for mode in GenerationMode
    ]
    return st.one_of(strategies).map(lambda case: _post({"query": case.body}))


def broken_documents(documents: list[str]) -> Requests:
    """Return documents of which parts are gone, doubled or replaced."""
    parts = st.sampled_from(
        ["{", "}", "(", ")", "...", "on", "$x", "@skip", '"""', "!", ":", "first: 9999999999", "#", "\0", "é"]
    )

    def broken(text: str, cuts: list[tuple[float, float, str]]) -> Request:
        for at, length, put in cuts:
            start = int(at * len(text))
            text = text[:start] + put + text[start + int(length * 10) :]
        return _post({"query": text})

    cut = st.tuples(st.floats(0, 1), st.floats(0, 1), parts)
    return st.builds(broken, st.sampled_from(documents), st.lists(cut, min_size=1, max_size=4))


def bodies() -> Requests:
    """Return bodies that are no request, in all media types and by all methods."""
    content = st.one_of(
        st.sampled_from(list(MALFORMED.values())),
        st.binary(max_size=200),
        st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("query", "variables", "operationName", "extensions", "id"), JSON)
        ).map(lambda body: json.dumps(body).encode("utf-8", "surrogatepass")),
    )
    types = st.sampled_from(
        ["application/json", "application/json; charset=utf-16", "text/plain", "", "multipart/form-data; boundary=x"]
    )
    accepts = st.sampled_from(
        ["*/*", "application/json", "application/graphql-response+json;q=x", "text/html", ";;;,", "image/png"]
    )
    methods = st.sampled_from(["POST", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "GET", "HEAD", "TRACE"])
    return st.builds(
        lambda method, kind, accept, body: Request(method, "/graphql", {"content-type": kind, "accept": accept}, body),
        methods, types, accepts, content,
    )  # fmt: skip


def addresses(paths: list[str]) -> Requests:
    """Return paths that lead out of their folder or nowhere, and query strings that no page knows."""
    path = st.one_of(
        st.sampled_from(paths),
        st.text(max_size=30).map(lambda text: "/" + quote(text.encode("utf-8", "surrogatepass"))),
        st.sampled_from(
            [
                "/assets/../api/app.py",
                "/assets/%2e%2e/%2e%2e/etc/passwd",
                "/assets/..%2f..%2fapp.py",
                "/maps/",
                "//",
                "/%00",
            ]
        ),
    )
    pair = st.tuples(st.sampled_from([*PARAMETERS, "x"]), TEXT)

    def ask(chosen: str, pairs: list[tuple[str, str]]) -> Request:
        query = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs)
        return Request("GET", f"{chosen}?{query}" if query else chosen)

    return st.builds(ask, path, st.lists(pair, max_size=3))


def credentials() -> Requests:
    """Return headers that show no good key."""
    token = st.text("abcdefgh0123456789_-.", max_size=80)
    shown = st.one_of(
        token.map(lambda text: f"Bearer {text}"),
        token.map(lambda text: f"Bearer lakana_{text}"),
        st.tuples(token, token, token).map(lambda parts: "Bearer " + ".".join(parts)),
        st.sampled_from(
            ["Bearer", "bearer  ", "Basic Og==", "Digest", "Bearer a b", "lakana_", "Bearer " + "a" * 4_000]
        ),
        st.text("!~ ,;=\"'()<>@", max_size=20),
    )
    return shown.map(
        lambda text: Request(
            "POST",
            "/graphql",
            {"content-type": "application/json", "authorization": text},
            b'{"query": "{ sources { name } }"}',
        )
    )


def fault(request: Request, answer: httpx.Response, seconds: float) -> str | None:
    """Say what is wrong with an answer to a bad input; nothing where it is as it should be."""
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return f"status {answer.status_code}"
    if seconds > LONGEST_S:
        return f"{seconds:.1f} s"
    asked = repr(request).encode()
    # A long answer contains data; an error is described in few words.
    for leak in LEAKS.finditer(answer.content[:20_000]):
        if leak[0] not in asked and leak[0] not in request.content:
            return f"tells {leak[0]!r}"
    if answer.content and "json" in answer.headers.get("content-type", ""):
        for error in answer.json().get("errors", ()):
            if error["extensions"]["code"] not in CODES:
                return f"code {error['extensions']['code']}: {error['message']}"
            if len(error["message"].split()) < WORDS:
                return f"no sentence: {error['message']!r}"
    return None
