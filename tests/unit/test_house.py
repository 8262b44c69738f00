"""The rooms stay small: a newcomer finds a thing by the names of few modules, each read in one go."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400


def modules(folder: Path) -> list[Path]:
    return [each for each in folder.glob("*.py") if each.name != "__init__.py"]


def test_no_module_is_longer_than_one_reads():
    files = [each for room in ("api", "geo", "maps", "seeds") for each in (ROOT / room).rglob("*.py")]
    long = {str(each.relative_to(ROOT)) for each in files if each.read_text("utf-8").count("\n") > MOST_LINES}
    assert len(files) > 300
    assert not long


@pytest.mark.parametrize(("room", "most"), [("api", 9), ("geo", 12)])
def test_few_modules_stand_at_a_root(room, most):
    assert 0 < len(modules(ROOT / room)) <= most


@pytest.mark.parametrize("rooms", ["geo/queries", "api/graphql/types"])
def test_few_modules_stand_in_a_room(rooms):
    inside = (each for each in (ROOT / rooms).rglob("*") if each.is_dir())
    many = {str(each): len(modules(each)) for each in (ROOT / rooms, *inside)}
    assert len(many) > 2
    assert max(many.values()) <= 16, many
