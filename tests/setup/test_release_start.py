"""What a server says of the release as it starts, and what it does not let stop it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from api.cli.serve import prepare
from api.settings import Settings
from geo.errors import TooRevealing

pytestmark = pytest.mark.database

OTHER = "ab" * 32


def test_another_key_than_the_databases_is_told_without_the_key(seeded_url, tmp_path, capsys):
    prepare(Settings(data_dir=tmp_path, release_key=SecretStr(OTHER)), seeded_url)
    said = capsys.readouterr().err
    assert "released under another key" in said
    assert OTHER not in said


def test_the_databases_own_key_is_nothing_to_tell(seeded_url, tmp_path, capsys):
    from tests.conftest import RELEASE_KEY  # noqa: PLC0415

    prepare(Settings(data_dir=tmp_path, release_key=SecretStr(RELEASE_KEY.hex())), seeded_url)
    assert "key" not in capsys.readouterr().err


def test_counts_that_must_not_be_published_do_not_keep_a_server_from_starting(
    seeded_url, tmp_path, capsys, monkeypatch
):
    def refuse(*_arguments, **_options):
        raise TooRevealing("Nothing was published: …")

    monkeypatch.setattr("geo.release.publish.is_awaited", lambda _url: True)
    monkeypatch.setattr("geo.release.publish.release", refuse)
    prepare(Settings(data_dir=tmp_path, release_key=SecretStr(OTHER)), seeded_url)
    assert "Nothing was published" in capsys.readouterr().err
