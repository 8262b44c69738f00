"""Lists inside a record come in pages as those of root fields do, and a cursor is good for its own list alone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.database

PAGE = """query ($code: AreaCode!, $first: Int, $after: String) { adminArea(code: $code) { children(first: $first, after: $after) {
  totalCount edges { cursor node { name code parent { code } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


def children(ask, code="COD-AB:ML03", **page):
    answer = ask(PAGE, code=code, **page)
    assert "errors" not in answer, answer
    return answer["data"]["adminArea"]["children"]


@pytest.mark.parametrize("first", [1, 2, 5, 100])
def test_a_list_is_read_whole_page_by_page(ask, first):
    whole = children(ask, first=100)
    assert not whole["pageInfo"]["hasNextPage"]
    listed = ask('{ adminAreas(parentCode: "COD-AB:ML03", first: 100) { edges { node { code } } } }')["data"]
    codes = [edge["node"]["code"] for edge in listed["adminAreas"]["edges"]]
    assert [edge["node"]["code"] for edge in whole["edges"]] == codes
    assert len(codes) > 2
    found: list[str] = []
    after = None
    while True:
        page = children(ask, first=first, after=after)
        assert page["totalCount"] == len(codes)
        assert page["pageInfo"]["hasPreviousPage"] is bool(found)
        assert [edge["cursor"] for edge in page["edges"]][:: len(page["edges"]) - 1 or 1] == [
            *dict.fromkeys((page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]))
        ]
        found += [edge["node"]["code"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["edges"]) == first
        after = page["pageInfo"]["endCursor"]
    assert found == codes


def test_a_list_without_items_is_an_empty_page(ask):
    none = children(ask, code="COD-AB:ML0301")
    assert (none["edges"], none["totalCount"]) == ([], 0)
    assert none["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


def test_a_cursor_of_another_list_is_refused(ask):
    """Of another record's list, of the same things in a root field, and of another field."""
    own = children(ask, first=1)["pageInfo"]["endCursor"]
    roots = ask('{ adminAreas(parentCode: "COD-AB:ML03", first: 1) { pageInfo { endCursor } } }')["data"]
    for code, cursor in (
        ("COD-AB:ML04", own),
        ("COD-AB:ML0301", own),
        ("COD-AB:ML03", roots["adminAreas"]["pageInfo"]["endCursor"]),
    ):
        [error] = ask(PAGE, code=code, after=cursor)["errors"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "after"}
        assert error["message"].startswith("after: not a cursor of this list; pass an `endCursor`"), error
    document = (
        "query ($after: String) { actors(first: 1) { edges { node { services(after: $after) { totalCount } } } } }"
    )
    [error] = ask(document, after=own)["errors"]
    assert error["extensions"]["field"] == "after"


def test_an_organisation_has_its_actors_and_an_actor_its_services(ask):
    document = """{ organizations(first: 20) { edges { node { name actors(first: 20) { totalCount edges { node { id
      organization { name } services(first: 2) { totalCount edges { node { id actor { id } } } } } } } } } } }"""
    found = [edge["node"] for edge in ask(document)["data"]["organizations"]["edges"]]
    assert sum(each["actors"]["totalCount"] for each in found) > 10
    many = 0
    for organization in found:
        for actor in (edge["node"] for edge in organization["actors"]["edges"]):
            assert actor["organization"]["name"] == organization["name"]
            services = [edge["node"] for edge in actor["services"]["edges"]]
            assert {each["actor"]["id"] for each in services} <= {actor["id"]}
            assert len(services) == min(actor["services"]["totalCount"], 2)
            many = max(many, actor["services"]["totalCount"])
    assert many > 2
