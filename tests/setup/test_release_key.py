"""The release key: made once, private, or given."""

from __future__ import annotations

import stat

import pytest

from geo.errors import SetupError
from geo.release_key import load


def test_made_once_and_readable_by_its_owner_only(tmp_path):
    key = load(tmp_path / "data", None)
    assert len(key) == 32
    assert load(tmp_path / "data", None) == key
    assert stat.S_IMODE((tmp_path / "data/release.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["release.key"]


def test_a_given_key_takes_the_files_place(tmp_path):
    assert load(tmp_path, "ab" * 32) == b"\xab" * 32
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("written", ["", "ab" * 31, "no hexadecimal number " * 4])
def test_a_bad_key_is_refused_and_not_shown(tmp_path, written):
    with pytest.raises(SetupError) as caught:
        load(tmp_path, written)
    assert "ab" * 31 not in str(caught.value)
    assert "no hexadecimal number" not in str(caught.value)
