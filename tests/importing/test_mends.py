"""Mends, crosswalks and shares: what the first pack's own loader did, for any country."""

from __future__ import annotations

import pytest

from seeds.columns.kind import Field
from seeds.loading import mends, population
from seeds.troubles import AreaTrouble, FileTrouble, Refused
from tests.importing.country import counts, troubles

pytestmark = pytest.mark.database
MENDS = "where,field,value,why\ncode=T1,name,Kayà,spelling\ncode=T1,name_en,Kaya,English\ncode=T2,population,,not known\ncode=T9,name,X,gone\n"
TOWNS = "code,name,lat,lon,population,under_18,year\nT1,Caia,11.51,0.52,900,400,2020\nT2,Koro,10.51,1.52,50,20,2020\n"
OLD = "code,name,level,parent code\nO1,Ancien Nord,1,\nO2,Ancien Sud,1,\n"
STEPS = "from_code,to_code,share,complete\nCOD-AB@1:XX01,OLD@9:O1,1,yes\nCOD-AB@1:XX02,OLD@9:O2,,no\nXX0202,OLD@9:O1,0.25,\n"
SHARES = "ADM2_PCODE,people\nXX0101,300\nXX0102,100\nXX0201,1\nXX0202,1\n"


def written(tmp_path, text=MENDS):
    path = tmp_path / "mends.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_are_read_as_their_mends_say(made_up_country, tmp_path):
    report = made_up_country.load("localities", TOWNS, scheme="L", mends=written(tmp_path))
    assert counts(report) == (2, 0, 0, 0)
    told = troubles(report)
    assert told[FileTrouble.MENDED].values == {"many": 2}
    assert told[FileTrouble.MEND_UNUSED].values == {"where": "code=T9"}
    rows = made_up_country.ask("SELECT code, name_fr, name_en, population FROM lakana.locality ORDER BY code")
    assert rows == [("T1", "Kayà", "Kaya", 900), ("T2", "Koro", None, None)]


@pytest.mark.parametrize(
    "wrong",
    ["where,field,value,why\nT1,name,X,\n", "where,field,value,why\ncode=1,king,X,\n", "where,field\ncode=1,a\n"],
)
def test_a_table_of_mends_that_cannot_be_read_is_refused(made_up_country, tmp_path, wrong):
    with pytest.raises(Refused):
        made_up_country.load("localities", TOWNS, scheme="L", mends=written(tmp_path, wrong))


def test_a_mend_makes_nothing_public_that_a_row_keeps():
    assert not any(isinstance(each, Field) and each.name == "confidential" for each in population.KIND.fields)
    assert mends.read(None, population.KIND).rows == {}


def test_a_crosswalk_leads_to_areas_that_its_parts_draw(made_up_country):
    made_up_country.load("areas", OLD, scheme="OLD", edition="9", nation="XXO=Pays ancien")
    report = made_up_country.load("crosswalk", STEPS, edition="COD-AB@1")
    assert counts(report) == (3, 0, 0, 0)
    drawn = (
        "SELECT o.code, o.outline_derived, ST_Equals(o.geom, n.geom) FROM lakana.admin_area o "
        "LEFT JOIN lakana.admin_area n ON n.code = 'XX01' AND n.edition = '1' WHERE o.scheme = 'OLD' AND o.level = 1 ORDER BY 1"
    )
    assert made_up_country.ask(drawn) == [("O1", True, True), ("O2", False, None)]
    assert counts(made_up_country.load("crosswalk", STEPS, edition="COD-AB@1")) == (0, 0, 3, 0)
    wrong = "from_code,to_code\nXX0101,XX01\nXX0101,OLD@9:NONE\nOLD@9:O1,XX01\n"
    assert set(troubles(made_up_country.load("crosswalk", wrong, edition="COD-AB@1"))) == {
        AreaTrouble.OF_ONE_DIVISION,
        AreaTrouble.NO_AREA_OF_CODE,
        AreaTrouble.IN_A_CIRCLE,
    }


def test_shares_spread_the_number_of_a_larger_area(made_up_country):
    known = "ADM1_PCODE,total,under_18,year\nXX01,1001,501,2020\nXX02,10,5,2020\n"
    made_up_country.load("population", known)
    assert counts(made_up_country.load("population", SHARES, columns={"people": "total"}, shares=True)) == (4, 0, 0, 0)
    points = (
        "SELECT a.code, sum(d.population), sum(d.under_18) FROM lakana.demand_point d JOIN lakana.admin_area a ON a.id = d.area_id "
        "GROUP BY 1 ORDER BY 1"
    )
    found = made_up_country.ask(points)
    assert [code for code, *_ in found] == ["XX0101", "XX0102", "XX0201", "XX0202"]
    people = {code: people for code, people, _ in found}
    assert (people["XX0101"], people["XX0102"]) == (751, 250)
    assert people["XX0201"] == people["XX0202"] == 5
    assert sum(children for *_, children in found) == 506
    assert made_up_country.ask("SELECT count(*) FROM lakana.area_population p JOIN lakana.admin_area a ON a.id = p.area_id WHERE level = 2") == [0]  # fmt: skip
