"""Short messages: a place and a need bring up to three, each within one SMS, and nothing of them is kept."""

from __future__ import annotations

import httpx
import pytest

from geo.database.owner import owner_transaction
from geo.notations.short_messages import fits
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.database]

ASKED = {"place": "Koutiala", "need": "abri"}


def told(base, lang="fr", **asked):
    answer = httpx.post(f"{base}/nearest.txt?lang={lang}", data=ASKED | asked)
    assert answer.status_code == 200, answer.text
    assert (answer.headers["cache-control"], answer.headers["content-language"]) == ("no-store", lang)
    found = answer.text.split("\n\n")
    assert 1 <= len(found) <= 3
    assert all(map(fits, found)), found
    return found


@pytest.mark.parametrize(("lang", "first"), [("fr", "EXEMPLE inventé"), ("en", "EXAMPLE, made up"), ("bm", "EXEMPLE")])
def test_the_nearest_places_come_with_number_distance_and_hours(base, lang, first):
    said = " ".join(told(base, lang))
    assert said.startswith(first)
    assert ", Koutiala: 1) +223" in said
    assert " m, " in said or " km, " in said
    assert {"fr": "abri confidentiel", "en": "confidential shelter", "bm": "abri"}[lang] in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"place": "Xqzwvk"}, "Ce lieu n'est pas connu"),
        ({"place": ""}, "Ce lieu n'est pas connu"),
        ({"place": "Koutyala"}, "Quel lieu ? Écrivez par exemple : Koutiala, "),
        ({"need": "zz"}, "Écrivez le besoin par un de ces mots : Gestion de cas;"),
        ({"place": "23.5, -2", "need": "LEGAL_AID"}, "Assistance juridique: rien de connu à moins de 50 km."),
        ({"place": "12.39 -5.46", "need": "Soins médicaux"}, "Soins médicaux: 1) +223"),
    ],
)
def test_what_is_not_known_is_said(base, asked, said):
    assert said in " ".join(told(base, **asked)).replace(" :", ":").replace("mots:", "mots :").replace(
        "exemple:", "exemple :"
    )


def test_where_nothing_is_near_the_helpline_comes_first(copy_seeded):
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.service (category, name, phone, area_id, service_area_id, source_id, actor_id) "
            "SELECT 'PSYCHOSOCIAL_SUPPORT', 'Ligne verte', '116', a.id, a.id, s.source_id, s.actor_id FROM lakana.admin_area a, "
            "(SELECT source_id, actor_id FROM lakana.service WHERE actor_id IS NOT NULL ORDER BY id LIMIT 1) s "
            "WHERE a.level = 0 LIMIT 1"
        )
    with served(url) as (address, _):
        far = " ".join(told(address, place="23.5 -2", need="LEGAL_AID"))
        assert "à moins de 50 km. Appelez : 116 Ligne verte" in far
        near = " ".join(told(address))
        assert near.index("1) +223") < near.index("Appelez : 116")


def test_rapidpro_and_gateways_are_answered_alike(base):
    flow = {"results": {"place": {"value": "Koutiala"}, "need": {"value": "abri", "category": "Other"}},
            "contact": {"name": "Awa", "urn": "tel:+22370000000"}}  # fmt: skip
    answers = [
        httpx.post(f"{base}/nearest.txt?lang=fr", json=sent, headers={"accept": "application/json"}).json()
        for sent in (flow, ASKED, ASKED | {"from": "+22370000000"})
    ]
    assert answers == [{"messages": told(base)}] * 3


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"results": 3}', b"\xff", b"place=x&" * 2_000, b"{" + b" " * 30_000]
)
def test_other_bodies_do_no_harm(base, body):
    answer = httpx.post(f"{base}/nearest.txt", content=body)
    assert answer.status_code in {200, 400}
    assert "Koutiala" not in answer.text


def test_it_goes_by_post_and_no_log_has_who_asked_or_where(seeded_url, tmp_path):
    log = tmp_path / "log"
    with served(seeded_url, log=str(log)) as (address, _):
        assert httpx.get(f"{address}/nearest.txt?place=Koutiala").status_code == 405
        told(address, sender="+22371234567")
        assert httpx.post(f"{address}/nearest.txt?place=Koutiala", content=b"{").status_code == 400
        figures = httpx.get(f"{address}/metrics").text
    said = log.read_text() + figures
    assert "/nearest.txt" in said
    assert not any(each in said for each in ("Koutiala", "abri", "71234567", "SHELTER"))


def test_no_confidential_shelter_is_named(base, seeded_url):
    with owner_transaction(seeded_url) as connection:
        rows = connection.exec_driver_sql(
            "SELECT s.name, g.contact FROM lakana.service s JOIN lakana.front_gate g ON g.service_id = s.id"
        ).all()
    assert rows
    said = " ".join(" ".join(told(base, place=place)) for place in ("Koutiala", "Sikasso", "Kita", "12.64 -8"))
    assert not any(str(each) in said for row in rows for each in row)
