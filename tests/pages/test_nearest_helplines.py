"""Whom a case worker can ring where nothing is reachable, and the front gate that she reads once she has shown who she is."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest

from geo.database.owner import owner_transaction
from geo.identity import keys
from geo.identity.scope import Scope
from tests.served import served

pytestmark = pytest.mark.database

PEPPER = "5a" * 32
LINE = (
    "INSERT INTO lakana.service (category, name, phone, area_id, service_area_id, source_id, actor_id) "
    "SELECT 'PSYCHOSOCIAL_SUPPORT', 'Ligne verte', '116', a.id, a.id, s.source_id, s.actor_id FROM lakana.admin_area a, "
    "(SELECT source_id, actor_id FROM lakana.service WHERE actor_id IS NOT NULL ORDER BY id LIMIT 1) s "
    "WHERE a.id = lakana.area_in_force('COD-AB:MLI')"
)
GATES = (
    "SELECT s.name, g.contact, ST_Y(z.point::geometry), ST_X(z.point::geometry) FROM lakana.service s "
    "JOIN lakana.zone z ON z.id = s.zone_id JOIN lakana.front_gate g ON g.service_id = s.id ORDER BY s.id"
)
APART = re.compile(r'<div class="apart">.*?</div>', re.DOTALL)


@pytest.fixture(scope="module")
def helped(copy_seeded):
    """A server with a helpline for the whole country, its front gates with the points of their zones, and a key."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(LINE)
        connection.exec_driver_sql("DELETE FROM lakana.pathway_step WHERE incident_type = 'OTHER'")
        gates = {name: (gate, f"{lat} {lon}") for name, gate, lat, lon in connection.exec_driver_sql(GATES)}
        ngo = connection.exec_driver_sql("SELECT name FROM lakana.organization ORDER BY id LIMIT 1").scalar()
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    key = keys.create(url, bytes.fromhex(PEPPER), "test", Scope("PARTNER", ngo), end)
    with served(url, LAKANA_KEY_PEPPER=PEPPER) as (address, _):
        yield address, gates, key


def answered(address, key="", **asked):
    headers = {"authorization": f"Bearer {key}"} if key else {}
    asked = {"age": "14", "sex": "GIRL", "hours": "0"} | asked
    answer = httpx.post(f"{address}/nearest?lang=fr", data=asked, headers=headers, timeout=60)
    assert answer.status_code == 200
    return answer.text


def test_helplines_are_told_where_nobody_recorded_what_is_to_be_done(helped):
    said = answered(helped[0], at="14.5 -4", incident="OTHER")
    assert "<h2>" not in said
    assert 'href="tel:116"' in said


def test_they_are_told_again_where_nobody_will_do(helped):
    said = answered(helped[0], at="24.9 -5", incident="SEXUAL_ABUSE", age="0")
    none = [each.partition("</li>")[0] for each in said.split('<li class="none">')[1:]]
    assert none
    assert all('href="tel:116"' in each for each in none)


def test_the_front_gate_is_read_with_a_key_alone(helped):
    address, gates, key = helped
    shown = 0
    for at in {at for _, at in gates.values()}:
        public, partner = (answered(address, each, at=at, incident="SEXUAL_ABUSE") for each in ("", key))
        assert not any(gate in public for gate, _ in gates.values())
        for apart in APART.findall(partner):
            [gate] = [gate for name, (gate, _) in gates.items() if f">{name}<" in apart]
            dialled = re.sub(r"[^+\d]", "", gate.partition(", ")[2])
            assert f'href="tel:{dialled}" translate="no">{gate}</a>' in apart
            assert "numéro est faux" not in apart
            shown += 1
    assert shown
