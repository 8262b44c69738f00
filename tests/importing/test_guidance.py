"""Guidance, pathways and trainings from files."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from seeds.reports.report import Outcome
from seeds.troubles import CellTrouble, RowTrouble
from tests.importing.country import counts, troubles
from tests.mali import table

pytestmark = pytest.mark.database
TEXTS = "key,title,year,binding,url,note_fr,note_en\nloi,Loi n° 1,2012,oui,,À revoir.,To be revised.\nguide,Guide,2019,non,https://example.org,Seule.,\n"
STEPS = (
    "Type d’incident,Catégorie,Acteurs,by_mandate,report_to,texte,article,words_fr,words_en\n"
    "Traite,Police et justice,Police brigade|Gendarmerie,oui,Prosecutor,loi,art. 3,Saisir.,Refer.\n"
    "Traite,MEDICAL,HEALTH_FACILITY,,,guide,,Soigner.,Treat.\n"
)
REVIEWED = {"as_of": dt.date(2026, 1, 1)}


def test_texts_and_pathways_are_loaded_and_twice_is_once(made_up_country):
    report = made_up_country.load("guidance", TEXTS)
    assert (counts(report), list(troubles(report))) == ((2, 0, 0, 0), [RowTrouble.NOTE_IN_ONE_LANGUAGE])
    assert counts(made_up_country.load("guidance", TEXTS)) == (0, 0, 2, 0)
    assert counts(made_up_country.load("guidance", TEXTS.replace("2012", "2013"))) == (0, 1, 1, 0)
    assert counts(made_up_country.load("pathways", STEPS, **REVIEWED)) == (2, 0, 0, 0)
    assert counts(made_up_country.load("pathways", STEPS, **REVIEWED)) == (0, 0, 2, 0)
    held = "SELECT category::text, position, kinds::text, report_to::text, g.key FROM lakana.pathway_step JOIN lakana.guidance g USING (source_id) ORDER BY 1"
    assert made_up_country.ask(held) == [
        ("MEDICAL", 1, "{HEALTH_FACILITY}", None, "guide"),
        ("POLICE_JUSTICE", 1, "{POLICE_BRIGADE,GENDARMERIE}", "PROSECUTOR", "loi"),
    ]
    one = STEPS.rsplit("\n", 2)[0] + "\n"
    made_up_country.load("pathways", one, **REVIEWED)
    assert made_up_country.ask("SELECT category::text FROM lakana.pathway_step") == ["POLICE_JUSTICE"]


@pytest.mark.parametrize(
    ("former", "later", "trouble"),
    [
        (",guide,,", ",absent,,", RowTrouble.NO_SUCH_TEXT),
        ("MEDICAL", "OTHER", RowTrouble.NO_STAGE),
        ("HEALTH_FACILITY", "Nobody", CellTrouble.UNKNOWN_TERM),
    ],
)
def test_a_pathway_is_loaded_whole_or_not(made_up_country, former, later, trouble):
    made_up_country.load("guidance", TEXTS)
    report = made_up_country.load("pathways", STEPS.replace(former, later), accept_partial=True, **REVIEWED)
    assert (report.outcome, list(troubles(report))) == (Outcome.REFUSED, [trouble])
    assert made_up_country.ask("SELECT count(*) FROM lakana.pathway_step") == [0]


def test_the_pathways_of_the_pack_come_by_files_too(made_up_country):
    def written(rows):
        out = io.StringIO()
        csv.DictWriter(out, list(rows[0])).writerows([dict(zip(rows[0], rows[0], strict=True)), *rows])
        return out.getvalue()

    texts = table("guidance.csv")
    assert counts(made_up_country.load("guidance", written(texts))) == (len(texts), 0, 0, 0)
    rows = table("pathways.csv")
    assert counts(made_up_country.load("pathways", written(rows), **REVIEWED)) == (len(rows), 0, 0, 0)


TRAININGS = (
    "Intitulé,Début,Fin,Participants,Thèmes,Organisateurs,Localité\n"
    "Repérer un enfant victime,2024-03-04,2024-03-06,Gendarmerie: 12; School,Traite; Mendicité forcée,ONG Jigiya,Bla\n"
)


def test_trainings_are_recorded_once_and_repeat_no_count(made_up_country):
    made_up_country.load("localities", "name,lat,lon,code\nBla,10.51,0.52,1\n", scheme="L")
    assert list(troubles(made_up_country.load("trainings", TRAININGS))) == [RowTrouble.NO_SUCH_BODY]
    made_up_country.load("organizations", "name,acronym\nONG Jigiya,JIG\n")
    report = made_up_country.load("trainings", TRAININGS, source="Rapport annuel")
    assert counts(report) == (1, 0, 0, 0)
    assert counts(made_up_country.load("trainings", TRAININGS + TRAININGS.split("\n")[1] + "\n")) == (0, 0, 2, 0)
    told = made_up_country.ask(
        "SELECT t.participant_kinds::text[] @> '{SCHOOL,GENDARMERIE}', t.topics::text, l.name_fr, o.name, p.count FROM lakana.training_event t JOIN lakana.locality l ON l.id = t.locality_id "
        "JOIN lakana.source o ON o.id = t.source_id JOIN raw.training_participants p ON p.training_event_id = t.id"
    )
    assert told == [(True, "{TRAFFICKING,FORCED_BEGGING}", "Bla", "Rapport annuel", 12)]
    report = made_up_country.load("trainings", TRAININGS.replace("12", "1234567").replace("-04,", "-05,"))
    assert list(troubles(report)) == [RowTrouble.TRAINING_RULE]
    assert "1234567" not in str(report.as_data())
