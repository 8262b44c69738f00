"""Pathways of two countries in one database: a child is told those of the nation in which the place lies, and no others."""

from __future__ import annotations

import datetime as dt

import pytest

from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.loading.options import Options
from seeds.troubles import Refused, RowTrouble
from tests.graphql.conftest import run, talking
from tests.packs.asking import asked, refused

__all__ = ["run"]
pytestmark = pytest.mark.database

# The key is one of Mali's, whose text stays what it was.
TEXTS = "key,title,year,binding\nloi-2012-023,Law of Velaa,1999,yes\n"
STEPS = (
    "incident_type,category,kinds,by_mandate,report_to,source,words_fr,words_en\n"
    "TRAFFICKING,MEDICAL,HEALTH_FACILITY,no,SOCIAL_SERVICE,loi-2012-023,Soins de Véla.,Care of Velaa.\n"
)
OWN = "nation { areaCode } stages { steps { category guidance { name } } }"
PATHWAY = "{ responsePathway(incidentType: %s%s) { " + OWN + " } }"
REFERRAL = (
    "{ referralOptions(at: {lon: %s, lat: %s}, incidentType: TRAFFICKING) { nation { areaCode } steps {"
    " step { whatToDo guidance { name } } options { service { name location { nation { name } } } } } } }"
)
COVERAGE = (
    '{ coverage(need: {pathway: TRAFFICKING}, within: {metres: 30000}, areaCode: "%s") { total { coveredUnder18 } } }'
)
MEDICAL = COVERAGE.replace("pathway: TRAFFICKING", "categories: [MEDICAL]")
IN_VELAA, IN_MALI, AT_SEA = (-179.5, -16.5), (-7.95, 12.64), (-30.0, 0.0)


def load(url, folder, **options):
    reports = []
    for kind, content in (("guidance", TEXTS), ("pathways", STEPS)):
        path = folder / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        given = Options(as_of=dt.date(2026, 1, 1), **options)
        reports.append(importing.run(url, LOADERS[kind], [path], given))
    return reports


@pytest.fixture(scope="module")
def url(make_database, beside_template, tmp_path_factory):
    url = make_database(beside_template)
    folder = tmp_path_factory.mktemp("law")
    with pytest.raises(Refused) as told:
        load(url, folder)
    assert told.value.trouble is RowTrouble.NEEDS_NATION
    assert [each.new for each in load(url, folder, nation="VELA:XVL")] == [1, 1]
    assert [each.unchanged for each in load(url, folder, nation="XVL")] == [1, 1]
    return url


@pytest.fixture(scope="module")
def send(run, url):
    with talking(run, url) as sending:
        yield sending


def texts(answer):
    return {step["guidance"]["name"] for stage in answer["stages"] for step in stage["steps"]}


def test_a_pathway_is_that_of_the_nation_that_is_named(send):
    assert "COD-AB:MLI (Mali), VELA:XVL (Velaa)" in refused(send, PATHWAY % ("TRAFFICKING", ""))
    velaa = asked(send, PATHWAY % ("TRAFFICKING", ', areaCode: "VELA:XV11"'))
    assert (velaa["nation"], texts(velaa)) == ({"areaCode": "VELA:XVL"}, {"Law of Velaa"})
    mali = asked(send, PATHWAY % ("TRAFFICKING", ', areaCode: "COD-AB:MLI"'))
    assert mali["nation"] == {"areaCode": "COD-AB:MLI"}
    assert len(texts(mali)) > 3
    assert "Law of Velaa" not in texts(mali)
    assert asked(send, PATHWAY % ("SMUGGLING", ', areaCode: "VELA:XVL"')) is None


def test_a_child_is_told_the_steps_of_the_nation_of_the_place(send):
    velaa = asked(send, REFERRAL % IN_VELAA)
    assert velaa["nation"] == {"areaCode": "VELA:XVL"}
    assert [each["step"]["guidance"]["name"] for each in velaa["steps"]] == ["Law of Velaa"]
    mali = asked(send, REFERRAL % IN_MALI)
    assert mali["nation"] == {"areaCode": "COD-AB:MLI"}
    assert "Law of Velaa" not in str(mali)
    assert len(mali["steps"]) > 3


def test_where_no_nation_is_known_no_pathway_is_told(send):
    assert asked(send, REFERRAL % AT_SEA) is None


def test_the_reach_of_a_pathway_is_that_of_its_nation(send):
    assert asked(send, COVERAGE % "VELA:XVL") == asked(send, MEDICAL % "VELA:XVL")
    assert asked(send, COVERAGE % "VELA:XVL")["total"]["coveredUnder18"] > 0
    assert asked(send, COVERAGE % "COD-AB:MLI") != asked(send, MEDICAL % "COD-AB:MLI")
