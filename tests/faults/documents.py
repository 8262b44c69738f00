"""Documents that are meant to hold the event loop up: a family, each of its members as large as it may be, or larger."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import get_introspection_query

CYCLE = (1, 2, 3, 5, 7)


def _many(one: str, times: int) -> str:
    return " ".join(one.replace("#", str(number)) for number in range(times))


def documents() -> Iterator[tuple[str, str]]:  # noqa: PLR0915  a list
    """Yield names and documents."""
    yield "an unknown field", "{ " + "a " * 990 + "}"
    yield "unknown fields", "{ " + _many("servic#", 990) + "}"
    yield "ten unknown fields", "{ " + _many("nearestServicez#", 9) + "}"
    yield "a field", "{ sources { " + "name " * 980 + "} }"
    yield "a field, as often as it may be", "{ sources { " + "name " * 99 + "} }"
    yield "five fields", "{ sources { " + "name licence url retrievedOn illustrative " * 99 + "} }"
    yield "__typename", "{ " + "__typename " * 990 + "}"
    yield "fields of other types", "{ " + _many("name kind point version geometry services edges", 14) + " }"
    yield "aliases", "{ sources { " + _many("a#: name", 300) + " } }"
    yield "conflicting aliases", "{ sources { " + "a: name a: url " * 100 + "} }"
    yield "conflicting arguments", "{ " + _many("services(first: #) { totalCount }", 99) + " }"
    yield "nested fields", "{ " + "services { edges { node { name actor { name } } } } " * 60 + "}"
    yield "misspelt values", "{ " + _many("services(categories: [MEDICA#]) { totalCount }", 60) + " }"
    yield "a misspelt value", "{ " + _many("a#: services(categories: [MEDICALL]) { totalCount }", 10) + " }"
    yield (
        "a list of values",
        "{ coverage(need: {categories: [" + "MEDICAL " * 900 + "]}, within: {metres: 1}) { basis } }",
    )
    yield "a list of numbers", "{ localities(areaCode: [" + "1 " * 980 + "]) { totalCount } }"
    yield "an object", "{ services(bbox: {" + "west: 1 " * 320 + "}) { totalCount } }"
    yield "an object of what is not", "{ services(bbox: {" + _many("wes#: 1", 320) + "}) { totalCount } }"
    yield "lists in lists", "{ services(text: " + "[" * 400 + "]" * 400 + ") { totalCount } }"
    yield "objects in objects", "{ services(bbox: " + "{a:" * 240 + "1" + "}" * 240 + ") { totalCount } }"
    yield "unknown types", _many("query q#($a: ServiceCategoryy) { __typename }", 60)
    yield "ten unknown types", _many("query q#($a: LocalityTravelTimeEdg) { __typename }", 9)
    yield "fragments on what is not", "{ __typename } " + _many("fragment f# on Servicee { name }", 20)
    yield "unknown arguments", "{ services(" + _many("categori#: 1", 300) + ") { totalCount } }"
    yield "unknown directives", "{ " + _many("__typename @includ#", 300) + " }"
    yield "a directive", "{ __typename " + "@include(if: true) " * 140 + "}"
    yield "a directive, as often as it may be", "{ __typename " + "@include(if: true) " * 60 + "}"
    yield "fields in fields", "{ " + "parent { " * 480 + "} " * 480 + "}"
    yield "inline fragments in each other", "{ " + "... { " * 300 + "sources { name }" + " }" * 300 + "}"
    yield "inline fragments", "{ " + "... { __typename } " * 240 + "}"
    yield "inline fragments, as many as may be", "{ " + "... on Query { __typename sources { name } } " * 60 + "}"
    yield (
        "fragments in a ring",
        "{ ...f0 } "
        + " ".join(
            f"fragment f{one} on Query {{ {' '.join(f'...f{(one + step) % 20}' for step in CYCLE)} }}"
            for one in range(20)
        ),
    )
    yield "spreads", "{ " + "...f " * 450 + "} fragment f on Query { __typename }"
    yield "spreads, as many as may be", "{ " + "...f " * 60 + "} fragment f on Query { sources { name } }"
    yield "operations", _many("query q# { __typename }", 190)
    yield "operations without names", "{ __typename } " * 240
    yield "variables", "query (" + _many("$v#: Int", 200) + ") { __typename }"
    yield "variables that nobody declared", "{ " + _many("services(first: $v#) { totalCount }", 90) + " }"
    yield "introspection, again and again", "{ __schema { types { " + "fields { name } " * 99 + "} } }"
    yield "introspection under aliases", "{" + _many("a#: __schema { types { name fields { name } } }", 30) + "}"
    yield "long names", "{ " + _many("a" * 300 + "#", 60) + " }"
    yield "a long name", "{ " + "a" * 19_000 + " }"
    yield "a long text", '{ services(text: "' + "a" * 19_000 + '") { totalCoun } }'
    yield "a text of escapes", '{ services(text: "' + "\\u0041" * 3_200 + '") { totalCoun } }'
    yield "a long block of text", '{ services(text: """' + "  a\n" * 4_900 + '""") { totalCoun } }'
    yield "texts that are never closed", '{ services(text: """' + '\\"""' * 4_000
    yield "comments", "#\n" * 9_900 + "{ __typenam }"
    yield "a long comment", "#" + "a" * 19_000 + "\n{ __typenam }"
    yield "commas", "," * 19_000 + "{ __typenam }"
    yield "lines", "\n" * 19_000 + "{ __typenam }"
    yield "gaps", "{ " + ("a" + "," * 1_999) * 9 + "}"
    yield "gaps between names that there are", "{ " + ("sources" + " " * 1_999) * 9 + "}"
    yield "numbers", "{ services(first: " + ("1" * 399 + " ") * 245 + ") { totalCoun } }"
    yield "signs", "{ " + "." * 19_000 + " }"
    yield "what is longer than a body", "{ " + "a " * 49_000 + "}"
    yield "definitions of types", "type A { a: Int } " * 120
    yield "a document that breaks off", "{ " + "name " * 99
    yield "the usual introspection with a fault", get_introspection_query().replace("queryType", "queryTyp")
