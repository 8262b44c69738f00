"""The README and its reference: their queries give the answers that stand under them, and their links lead somewhere.

A query is asked as the public, or as whom its fence names: ```` ```graphql planner ````. What differs from run to run
stands in an answer as "…" with a name, and in a later query of the page under the same name: "…here".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY, Audience, Caller
from geo.service import Resources

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/api.md", "docs/planning.md"]
EXAMPLE = re.compile(r"```graphql(?: (\w+))?\n(.*?)```\n\n```json\n(.*?)```", flags=re.DOTALL)


@dataclass(frozen=True)
class Example:
    audience: str
    document: str
    answer: Any

    @property
    def caller(self) -> Caller:
        return Caller(Audience[self.audience.upper()], f"a {self.audience}") if self.audience else ANYBODY


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def examples(page: str) -> list[Example]:
    return [Example(who, asked, json.loads(answer)) for who, asked, answer in EXAMPLE.findall(text_of(page))]


def match(told: Any, answer: Any, named: dict[str, str]) -> Any:
    """Return an answer with "…" where the page has it; what is called so is kept by its name."""
    match told, answer:
        case str(), _ if told.startswith("…"):
            assert named.setdefault(told, answer) == answer or told == "…"
            return told
        case dict(), dict():
            return {key: match(told.get(key), value, named) for key, value in answer.items()}
        case list(), list():
            return [match(each, value, named) for each, value in zip(told, answer, strict=True)]
    return answer


def test_the_readme_is_short():
    assert len(text_of("README.md").splitlines()) <= 200


def test_there_is_an_example_for_each_kind_of_user():
    assert len(examples("README.md")) >= 3


@pytest.mark.parametrize("page", PAGES)
def test_each_query_has_its_answer(page: str):
    assert text_of(page).count("```graphql") == len(examples(page))


@pytest.mark.database
@pytest.mark.parametrize("page", PAGES)
def test_the_examples_give_their_answers(run, copy_seeded, page: str):
    resources, operations, named = Resources(copy_seeded(), 1), Operations(compiled_schema()), dict[str, str]()
    for example in examples(page):
        document = example.document
        for name, value in named.items():
            document = document.replace(f'"{name}"', f'"{value}"')
        operation = operations.get(document, None)
        answered = orjson.loads(run(operation.answer(operation.variables({}), example.caller, resources)).body)
        assert "errors" not in answered, (document, answered)
        assert match(example.answer, answered["data"], named) == example.answer, document
    resources.close()


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CHANGELOG.md",
        "seeds/mali/SOURCES.md",
        *(f"docs/{each.name}" for each in sorted((ROOT / "docs").glob("*.md"))),
    ],
)
def test_links_into_the_repository_lead_somewhere(page: str):
    file = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)", file.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (file.parent / target).exists(), target


def test_every_setting_is_explained():
    from api.settings import Settings  # noqa: PLC0415

    for name in Settings.model_fields:
        assert f"`LAKANA_{name.upper()}`" in text_of("docs/operations.md"), name
