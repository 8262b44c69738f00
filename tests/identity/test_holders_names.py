"""Names of holders and what else an operator writes: held to the rule, and inert on a terminal where an older row is not."""

from __future__ import annotations

import datetime as dt

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.identity import keys, people
from geo.identity.scope import Scope
from geo.roads import network
from geo.vocabulary import Season, TravelMode
from geo.writes import travel_estimates
from tests.attacks.names import REFUSED, STORED

pytestmark = pytest.mark.database

TOMORROW = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
STEERING = "Guichet \x1b[2J\u202e[red]\nroot\tactive"


def setting(source):
    return travel_estimates.Setting(mode=TravelMode.CAR, season=Season.DRY, speed_km_h=40, detour=1.4, source=source)


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_be_stored_is_refused(empty_url, name, tmp_path):
    identity = people.Identity("https://id.example", "somebody")
    for write, field in (
        (lambda: keys.create(empty_url, bytes(32), name, Scope("planner"), TOMORROW), "name"),
        (lambda: people.add(empty_url, identity, name, Scope("planner")), "name"),
        (
            lambda: people.add(empty_url, people.Identity("https://id.example", name), "Une", Scope("planner")),
            "subject",
        ),
        (lambda: people.add(empty_url, people.Identity(name, "somebody"), "Une", Scope("planner")), "issuer"),
        (lambda: setting(name), "source"),
        (lambda: network.import_roads(empty_url, tmp_path / f"{name}.osm"), "file"),
    ):
        with pytest.raises(BadInput) as caught:
            write()
        assert caught.value.field == field


def test_what_may_be_stored_is(empty_url):
    for name in STORED:
        keys.create(empty_url, bytes(32), name, Scope("planner"), TOMORROW)
    assert {each.name for each in keys.listed(empty_url)} >= set(STORED)


def test_a_list_steers_no_terminal(empty_url, monkeypatch):
    with owner_transaction(empty_url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO identity.key (prefix, digest, name, audience, expires_at) VALUES (%s, 'd', %s, 'PLANNER', now())",
            ("000000000000", STEERING),
        )
        connection.exec_driver_sql(
            "INSERT INTO identity.person (issuer, subject, name, audience) VALUES ('https://id.example', %s, %s, 'PLANNER')",
            (STEERING, STEERING),
        )
        connection.exec_driver_sql("UPDATE lakana.travel_estimate SET source = %s", (STEERING,))
    monkeypatch.setenv("LAKANA_DATABASE_URL", empty_url)
    shown = "Guichet \ufffd[2J\ufffd[red]\ufffdroot\ufffdactive"
    for command in (["keys", "list"], ["people", "list"], ["travel", "list"]):
        said = CliRunner().invoke(app, command, catch_exceptions=False).stdout
        assert shown in said
        assert not {"\x1b", "\u202e"} & {*said}
