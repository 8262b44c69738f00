"""What is made up in the seeds says so, and there is enough of everything to show."""

from __future__ import annotations

import pytest

from geo.vocabulary import ActorKind, IncidentType, ServiceCategory

pytestmark = pytest.mark.database

ILLUSTRATIVE = """
SELECT bool_and(s.illustrative), count(*) FROM {table} t JOIN lakana.source s ON s.id = t.source_id
"""
RATES = """
SELECT l.name_fr, l.under_18, sum(r.count) * 100000.0 / l.under_18
FROM raw.incident_count r JOIN lakana.locality l ON l.id = r.locality_id
WHERE r.incident_type = CAST(:kind AS lakana.incident_type) AND l.under_18 > 5000 GROUP BY l.id
"""
PUBLISHED_RATES = """
SELECT a.name_fr, p.count * 100000.0 / c.under_18
FROM lakana.published_count p JOIN lakana.admin_area a ON a.id = p.area_id
JOIN lakana.area_population c ON c.area_id = a.id AND c.year = 2022
WHERE p.level = 'ADM1' AND p.current AND p.period = '2025' AND p.incident_type = 'TRAFFICKING' ORDER BY 2 DESC
"""


@pytest.mark.parametrize(
    ("table", "least"),
    [("lakana.actor", 300), ("lakana.service", 500), ("raw.incident_return", 752), ("lakana.published_count", 6_000)],
)
def test_what_is_made_up_says_so(ask, table, least):
    every, many = ask(ILLUSTRATIVE.format(table=table))[0]
    assert every
    assert many >= least


@pytest.mark.parametrize("table", ["admin_area", "area_crosswalk", "area_population", "locality", "pathway_step"])
def test_what_is_real_says_so(ask, table):
    assert ask(f"SELECT count(*) FROM lakana.{table}")[0] > 0
    assert ask(
        f"SELECT count(*) FROM lakana.{table} t JOIN lakana.source s ON s.id = t.source_id WHERE s.illustrative"
    ) == [0]


def test_real_organisations_stand_beside_illustrative_ones(ask):
    rows = ask(
        "SELECT s.illustrative, coalesce(acronym, o.name), kind::text FROM lakana.organization o "
        "JOIN lakana.source s ON s.id = source_id"
    )
    real = {(name, kind) for illustrative, name, kind in rows if not illustrative}
    assert real == {
        ("CNCLTP", "NATIONAL_COMMITTEE"), ("ONUDC", "UN_AGENCY"), ("OIM", "UN_AGENCY"), ("UNICEF", "UN_AGENCY"),
        ("UE", "DONOR"),
    }  # fmt: skip
    assert {kind for illustrative, _, kind in rows if illustrative} == {"NGO"}


def test_the_workshop_of_march_2019(ask):
    [(event, *told)] = ask(
        "SELECT e.id::text, starts_on::text, ends_on::text, programme FROM lakana.training_event e "
        "JOIN lakana.source s ON s.id = e.source_id WHERE NOT s.illustrative"
    )
    assert told == ["2019-03-19", "2019-03-21", "GLO.ACT"]
    assert set(
        ask(
            "SELECT acronym FROM lakana.training_organizer JOIN lakana.organization o ON o.id = organization_id "
            f"WHERE training_event_id = '{event}'"
        )
    ) == {"ONUDC", "CNCLTP"}
    assert ask(f"SELECT count(*) FROM lakana.trained_actor WHERE training_event_id = '{event}'") == [0]


def test_illustrative_trainings_say_so_in_every_row(ask):
    assert ask(
        "SELECT count(*) > 20, bool_and(s.illustrative) FROM lakana.trained_actor t JOIN lakana.source s ON s.id = t.source_id"
    ) == [(True, True)]


def test_actors_of_every_kind(ask):
    assert set(ask("SELECT DISTINCT kind::text FROM lakana.actor")) == {kind.name for kind in ActorKind}
    assert len(ActorKind) == 21


@pytest.mark.parametrize(
    ("kind", "level", "many"),
    [
        ("JUVENILE_JUDGE", 1, 20),
        ("PROSECUTOR", 1, 20),
        ("DEPUTY_PROSECUTOR", 1, 20),
        ("POLICE_BRIGADE", 1, 20),
        ("SOCIAL_SERVICE", 1, 20),
        ("CHILD_PROTECTION_OFFICER", 2, 59),
        ("GENDARMERIE", 2, 59),
        ("LOCAL_AUTHORITY", 2, 59),
        ("NATIONAL_COMMITTEE", 0, 1),
    ],
)
def test_each_office_is_competent_for_an_area_of_its_own_that_holds_it(ask, kind, level, many):
    rows = ask(
        "SELECT count(DISTINCT j.id), count(*), bool_and(j.scheme = 'COD-AB' AND j.level = :level), "
        "bool_and(EXISTS (SELECT FROM lakana.area_within w WHERE (w.area_id, w.ancestor_id) = (a.area_id, j.id))) "
        "FROM lakana.actor a JOIN lakana.admin_area j ON j.id = a.jurisdiction_id WHERE a.kind::text = :kind",
        kind=kind,
        level=level,
    )
    assert rows == [(many, many, True, True)]


def test_services_of_every_category(ask):
    assert set(ask("SELECT DISTINCT category::text FROM lakana.service")) == {each.name for each in ServiceCategory}


def test_no_telephone_rings(ask):
    for table in ("actor", "service"):
        phones = ask(f"SELECT phone FROM lakana.{table} WHERE phone IS NOT NULL")
        assert len(phones) == len(set(phones)) > 300
        assert all(phone.startswith("+2230000") for phone in phones)
    assert all("+223 00 99 " in contact for contact in ask("SELECT contact FROM lakana.front_gate"))


def test_shelters(ask):
    assert ask(
        "SELECT count(*), count(*) FILTER (WHERE confidential), bool_and(category = 'SAFE_SHELTER'), "
        "bool_and(occupancy <= capacity), count(*) FILTER (WHERE occupancy = capacity) > 0, bool_or(girls), bool_or(boys) "
        "FROM lakana.shelter s JOIN lakana.service v ON v.id = s.service_id"
    ) == [(30, 10, True, True, True, True, True)]
    assert ask("SELECT count(*) FROM lakana.service WHERE category = 'SAFE_SHELTER'") == [30]
    assert ask("SELECT count(*) FROM lakana.service WHERE confidential") == [10]


def test_a_confidential_shelter_has_a_front_gate_and_an_exact_site_and_nothing_else_has(ask):
    hidden = set(ask("SELECT id::text FROM lakana.service WHERE confidential"))
    assert set(ask("SELECT service_id::text FROM lakana.front_gate")) == hidden
    assert set(ask("SELECT service_id::text FROM exact.site")) == hidden


def test_nothing_public_about_a_confidential_shelter_follows_from_its_place(ask):
    """It has no actor, place, area, hours or telephone, its name tells no town, and its zone is large."""
    rows = ask(
        "SELECT s.name, num_nonnulls(s.actor_id, s.point, s.area_id, s.locality_id, s.opening_hours, s.phone), z.radius_m "
        "FROM lakana.service s JOIN lakana.zone z ON z.id = s.zone_id WHERE s.confidential"
    )
    towns = ask("SELECT name FROM lakana.locality_name WHERE char_length(name) > 3")
    assert len(rows) == 10
    for name, told, radius_m in rows:
        assert told == 0
        assert radius_m >= 10_000
        assert not [town for town in towns if town in name]


def test_counts_of_eight_quarters_of_every_type(ask):
    assert ask(
        "SELECT count(*), count(DISTINCT locality_id), count(DISTINCT quarter), count(DISTINCT incident_type), "
        "min(quarter), max(quarter) FROM raw.incident_count"
    ) == [(94 * 8 * 10, 94, 8, len(IncidentType), "2024-Q1", "2025-Q4")]


@pytest.mark.parametrize(
    ("kind", "towns"),
    [
        ("TRAFFICKING", {"Sikasso", "Kadiolo", "Zégoua", "Finnkolo", "Massiogo"}),
        ("CHILD_LABOUR", {"Sikasso", "Koutiala", "Kadiolo", "Zégoua", "Finnkolo"}),
        ("SMUGGLING", {"Kayes", "Nioro", "Diéma"}),
        ("RECRUITMENT_BY_ARMED_GROUPS", {"Mopti", "Bandiagara", "Bankass", "Koro", "Douentza"}),
        ("FORCED_BEGGING", {"Ségou", "Pèlèngana", "Markala"}),
    ],
)
def test_planted_hotspots_stand_out(ask, kind, towns):
    rows = ask(RATES, kind=kind)
    planted = {name: float(rate) for name, _, rate in rows if name in towns}
    assert set(planted) == towns
    others = sum(float(rate) * children for name, children, rate in rows if name not in towns)
    background = others / sum(children for name, children, _ in rows if name not in towns)
    assert all(rate > 3 * background for rate in planted.values())


def test_the_hotspot_of_sikasso_is_visible_in_what_is_published(ask):
    rows = ask(PUBLISHED_RATES)
    assert len(rows) == 20
    (first, highest), (_, second) = rows[:2]
    assert first == "Sikasso"
    assert highest > 2 * second


@pytest.mark.parametrize("table", ["actor", "service"])
def test_the_areas_that_are_found_together_are_those_that_would_be_found_one_by_one(ask, table):
    public = "true" if table == "actor" else "NOT confidential"
    differing = "count(*) FILTER (WHERE area_set_id IS DISTINCT FROM lakana.area_set_of(point, area_id))"
    [(many, wrong)] = ask(f"SELECT count(*), {differing} FROM lakana.{table} WHERE {public}")
    assert many > 400
    assert wrong == 0
