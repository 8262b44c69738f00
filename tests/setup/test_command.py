"""The command line: its help, its errors, and the server from start to Ctrl-C."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, nullcontext
from importlib import metadata
from pathlib import Path

import httpx
import pytest

import api
from api import settings
from api.cli import console, main
from api.graphql.schema import sdl
from geo.vocabulary import Locale
from tests.served import LAKANA, served


def run(*arguments, **environment):
    return subprocess.run(
        [*LAKANA, *arguments], check=False, capture_output=True, text=True, env={**os.environ, **environment}
    )


def test_help_names_every_command():
    said = run("--help").stdout
    assert all(name in said for name in ("serve", "seed", "release", "schema", "db", "map", "keys", "people", "travel"))


def test_the_version_is_that_of_the_package():
    assert run("--version").stdout == f"lakana {metadata.version('lakana')}\n"


def test_the_data_stand_in_the_checkout_wherever_the_command_is_given(tmp_path, monkeypatch):
    checkout = Path(api.__file__).resolve().parents[1]
    monkeypatch.chdir(tmp_path)
    assert settings.load().data_dir == checkout / ".lakana"
    installed = tmp_path / "site-packages" / "api" / "settings.py"
    monkeypatch.setattr(settings, "__file__", str(installed))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert settings.load().data_dir == tmp_path / "share" / "lakana"


@pytest.mark.parametrize(
    ("locale", "spoken"),
    [
        ("en_GB.UTF-8", Locale.EN), ("fr_ML.UTF-8", Locale.FR), ("bm_ML.UTF-8", Locale.BM), ("de_DE.UTF-8", Locale.FR),
        ("C.UTF-8", Locale.FR), ("", Locale.FR),
    ],
)  # fmt: skip
def test_the_terminal_is_spoken_to_in_the_language_of_its_locale(monkeypatch, locale, spoken):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    assert console.language() is spoken


def test_what_python_makes_of_a_missing_locale_does_not_choose_the_language(monkeypatch):
    """Python sets ``LC_CTYPE=C.UTF-8`` where en_US is not installed, and French was spoken."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_CTYPE", "C.UTF-8")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert console.language() is Locale.EN


def test_schema_is_the_committed_one():
    assert run("schema").stdout.strip() == sdl().strip()


def test_a_taken_port_is_one_clear_line_before_anything_else(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("serve", "--port", str(port), LAKANA_DATA_DIR=str(tmp_path / "data"))
    assert answer.returncode == 1
    assert re.fullmatch(rf"lakana: Port {port} of 127.0.0.1 cannot be used .*--port\.\n", answer.stderr)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "line"),
    [
        (("serve",), {"LAKANA_PORT": "70000"}, "lakana: LAKANA_PORT: "),
        (("db", "status"), {"LAKANA_PROT": "8001"}, "lakana: LAKANA_PROT is no setting; did you mean LAKANA_PORT?"),
        (("db", "upgrade"), {"LAKANA_DATABASE_URL": "s3cret"}, "lakana: LAKANA_DATABASE_URL: give the address"),
        (("db", "upgrade"), {"LAKANA_DATABASE_URL": "postgresql://s3cret"}, "lakana: LAKANA_DATABASE_URL: give"),
        (("serve",), {"LAKANA_CORS_ORIGINS": "https://example.org"}, "lakana: LAKANA_CORS_ORIGINS is not JSON"),
        (
            ("serve",),
            {"LAKANA_OIDC_ISSUER": "https://id.example"},
            "lakana: LAKANA_OIDC_ISSUER and LAKANA_OIDC_AUDIENCE",
        ),
        (
            ("serve",),
            {"LAKANA_OIDC_ISSUER": "http://id.example"},
            "lakana: LAKANA_OIDC_ISSUER: give the provider's https",
        ),
        (("serve",), {"LAKANA_COST_PER_MINUTE": '{"nobody": 5}'}, "lakana: LAKANA_COST_PER_MINUTE: "),
        (("serve",), {"LAKANA_COST_PER_MINUTE": '{"public": 0}'}, "lakana: LAKANA_COST_PER_MINUTE: "),
        (("serve",), {"LAKANA_TRUSTED_PROXIES": '["proxy"]'}, "lakana: LAKANA_TRUSTED_PROXIES: "),
        (
            ("serve", "--port", "0"),
            {"LAKANA_KEY_PEPPER": "s3cret"},
            "lakana: LAKANA_KEY_PEPPER must hold at least 32 bytes",
        ),
        (("keys", "create", "--name", "x", "--audience", "public"), {}, "lakana: audience: "),
        (("people", "add", "--subject", "s", "--name", "x", "--audience", "partner"), {}, "lakana: organization: "),
        (("map", "overview", "--out", "x", "--lang", "de"), {}, "lakana: lang: "),
        (("map", "coverage", "--out", "x", "--category", "magic"), {}, "lakana: category: "),
        (("db", "upgrade"), {"LAKANA_DATABASE_URL": "postgresql://u:s3cret@/n?host=/nowhere"}, "lakana: The database"),
    ],
)
def test_a_mistake_is_one_line_without_secrets(arguments, environment, line):
    answer = run(*arguments, **environment)
    assert answer.returncode == 1
    assert answer.stderr.startswith(line)
    assert answer.stderr.count("\n") == 1
    assert "s3cret" not in answer.stderr


@contextmanager
def no_room_beyond(size):
    """No file of this process may grow beyond so many bytes, as on a disk that is full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", ["overview", "coverage"])
def test_a_map_is_written_whole_or_not_at_all(tmp_path, monkeypatch, name):
    monkeypatch.setattr("api.cli.serve.database", lambda _: nullcontext("postgresql://nowhere/none"))
    monkeypatch.setattr("api.cli.serve.prepare", lambda *_: None)
    monkeypatch.setattr(f"api.pages.map_files.{name}_page", lambda *_: "x" * 100_000)
    write, file = getattr(main, name), tmp_path / "map.html"
    for left in ([], [file]):
        with pytest.raises(OSError, match="too large"), no_room_beyond(50_000):
            write(file, lang="fr")
        assert list(tmp_path.iterdir()) == left
        assert not left or file.read_text() == "an older one"
        file.write_text("an older one")
    write(file, lang="fr")
    assert file.read_text() == "x" * 100_000
    assert list(tmp_path.iterdir()) == [file]
    plain = tmp_path / "plain"
    plain.touch()
    assert file.stat().st_mode == plain.stat().st_mode


@pytest.mark.database
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_it_is_told_to_stop(number, seeded_url):
    with served(seeded_url) as (base, process):
        assert httpx.get(f"{base}/readyz").text == "ready"
        began = time.monotonic()
        process.send_signal(number)
        process.wait()
    assert process.returncode == 0
    assert time.monotonic() - began < 5
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base}/livez")
