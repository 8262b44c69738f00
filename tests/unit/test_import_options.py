"""The options of imports are declared once, and everything that takes them takes all of them."""

from __future__ import annotations

import inspect
from dataclasses import fields

import orjson
import pytest

from api.cli.imports import import_
from api.imports.options import SAID, options_of
from api.imports.words import AFTERWARDS, MORE, TEXTS
from geo.errors import BadInput
from seeds.loading.declared import OPTIONS, Written
from seeds.loading.options import OF_READING, Options
from seeds.packs import manifest

NAMES = {each.name for each in OPTIONS}


def test_every_option_is_declared_and_every_declared_one_is_an_option():
    assert {each.name for each in fields(Options)} - {"corrections", "dry_run", "is_pack"} | OF_READING == NAMES
    assert len(NAMES) == len(OPTIONS)


def test_the_command_has_them_all():
    assert set(inspect.signature(import_).parameters) == NAMES | {"kind", "files", "dry_run", "refused", "report"}


def test_http_and_its_page_have_them_all():
    files = {each.name for each in OPTIONS if each.written is Written.FILE}
    assert {each.name for each in SAID.values()} | files == NAMES
    asked = {name for name, _ in MORE} | AFTERWARDS
    assert asked == {*SAID, *files}
    assert {*asked, "column"} - {"columns"} <= TEXTS.keys()


VALUES = {
    Written.TEXT: ("x", "x"),
    Written.FLAG: (True, True),
    Written.ROW: (2, 2),
    Written.SHARE: (55, 55),
    Written.PAIRS: ({"a": "b"}, {"a": "b"}),
    Written.ORDER: ("day-first", "day-first"),
}


@pytest.mark.parametrize("option", [each for each in OPTIONS if each.written in VALUES], ids=lambda each: each.name)
def test_a_value_is_read_alike_from_json_and_from_a_pack(tmp_path, option):
    written, _ = VALUES[option.written]
    said = next(name for name, each in SAID.items() if each is option)
    by_json = options_of(orjson.dumps({said: written}), {})
    assert by_json != Options()
    toml = orjson.dumps(written).decode().replace('":"', '" = "')
    text = f'[[files]]\nkind = "areas"\npath = "a.csv"\n{option.name} = {toml}\n'
    (tmp_path / manifest.FILE).write_text(text, encoding="utf-8")
    if not option.in_packs:
        with pytest.raises(BadInput, match="no such key"):
            manifest.read(tmp_path)
        return
    [entry] = manifest.read(tmp_path).files
    assert entry.options == by_json


def test_an_order_that_there_is_not_is_refused_by_its_name(tmp_path):
    (tmp_path / manifest.FILE).write_text('[[files]]\nkind = "areas"\npath = "a"\ndates = "x"\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"files\.1\.dates: .*day-first or month-first"):
        manifest.read(tmp_path)
    with pytest.raises(BadInput, match=r"options\.dates"):
        options_of('{"dates": "x"}', {})
