"""``lakana zones list``: what an older row holds steers no terminal."""

from __future__ import annotations

from contextlib import nullcontext

from typer.testing import CliRunner

from api import settings
from api.cli import serve
from api.cli.zones import zones_app
from geo.database import owner
from geo.writes import zones


def test_names_of_before_are_shown_and_steer_nothing(monkeypatch):
    monkeypatch.setattr(settings, "load", lambda: None)
    monkeypatch.setattr(serve, "database", lambda _: nullcontext("url"))
    monkeypatch.setattr(owner, "upgrade", lambda _: None)
    known = [zones.Zone("Kayes\x1b[2J\u202e et Kita\n1 zones", ["T:A\x07"], 100_000, 12_345.0)]
    monkeypatch.setattr(zones, "listed", lambda _: known)
    told = CliRunner().invoke(zones_app, ["list"])
    assert told.exit_code == 0, told.output
    assert told.output == "Kayes\ufffd[2J\ufffd et Kita\ufffd1 zones  T:A\ufffd  100,000 people  12 km\n"
