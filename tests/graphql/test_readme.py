"""The README: its queries give the answers that stand under them, and its links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", README, flags=re.DOTALL)


def test_there_is_an_example_for_each_kind_of_user():
    assert len(EXAMPLES) >= 3
    assert README.count("```graphql") == len(EXAMPLES)


@pytest.mark.database
@pytest.mark.parametrize(("document", "answer"), EXAMPLES)
def test_an_example_gives_its_answer(ask, document: str, answer: str):
    assert ask(document)["data"] == json.loads(answer)


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "seeds/mali/SOURCES.md"])
def test_links_into_the_repository_lead_somewhere(page: str):
    file = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)", file.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (file.parent / target).exists(), target


def test_every_setting_is_explained():
    from api.settings import Settings  # noqa: PLC0415

    for name in Settings.model_fields:
        assert f"`LAKANA_{name.upper()}`" in README, name
