"""Real texts, and the response pathways that are drawn from them: what to do for a child, by type of incident.

``guidance.csv`` lists laws, treaties and guidelines, ``pathway_steps.csv`` the steps with the text that each rests on,
``pathways.csv`` the steps of each type in their order. A step's stage is that of its category.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import Connection, insert

from geo.database.loading import insert_rows
from geo.database.tables import appointed_kind, area_time_zone, dialling, guidance, holiday, pathway_step, source
from geo.vocabulary import STAGES, IncidentType, ServiceCategory, Stage
from seeds.mali.codes import COD, ISO, ISO_NATION, NATION, area_id
from seeds.mali.reading import stable_id, table
from seeds.mali.sources import source_id

REVIEWED_ON = dt.date(2026, 11, 25)
"""When the steps were last checked against their texts."""

TIME_ZONE = "Africa/Bamako"


def load(connection: Connection) -> None:
    """Insert the texts, the steps, the time zone, holidays, short codes, and whom the law appoints."""
    texts = table("guidance.csv")
    insert_rows(connection, source, [_source(each) for each in texts])
    insert_rows(
        connection,
        guidance,
        [
            {
                "source_id": source_id(each["key"]),
                "year": int(each["year"]),
                "binding": each["binding"] == "yes",
                "note_fr": each["note_fr"] or None,
                "note_en": each["note_en"] or None,
            }
            for each in texts
        ],
    )
    insert_rows(connection, pathway_step, steps())
    nations = (area_id(COD, NATION), area_id(ISO, ISO_NATION))
    connection.execute(insert(area_time_zone), [{"area_id": each, "name": TIME_ZONE} for each in nations])
    dialled = {"region": "ML", "short_codes": [each["code"] for each in table("short_codes.csv")]}
    insert_rows(connection, dialling, [dialled | {"nation_id": each} for each in nations])
    kinds = [each["kind"] for each in table("appointed_kinds.csv")]
    insert_rows(connection, appointed_kind, [{"nation_id": each, "kind": kind} for each in nations for kind in kinds])
    days = table("holidays.csv")
    insert_rows(connection, holiday, [_holiday(day) | {"nation_id": each} for each in nations for day in days])


def _holiday(row: dict[str, str]) -> dict[str, Any]:
    return {
        "day": dt.date.fromisoformat(row["day"]),
        "certain": row["certain"] == "yes",
        "name_fr": row["name_fr"],
        "name_en": row["name_en"],
        "name_bm": row["name_bm"] or None,
    }


def _source(text: dict[str, str]) -> dict[str, Any]:
    return {
        "id": source_id(text["key"]),
        "key": text["key"],
        "name": text["name"],
        "licence": None,
        "url": text["url"] or None,
        "illustrative": False,
    }


def steps() -> list[dict[str, Any]]:
    """Return the steps of every pathway, numbered from 1 in each stage."""
    known = {each["step"]: each for each in table("pathway_steps.csv")}
    rows = []
    for pathway in table("pathways.csv"):
        numbers: Counter[Stage] = Counter()
        for name in pathway["steps"].split():
            row = _step(IncidentType[pathway["incident_type"]], known[name], numbers)
            rows.append(row)
    return rows


def _step(incident_type: IncidentType, words: dict[str, str], numbers: Counter[Stage]) -> dict[str, Any]:
    category = ServiceCategory[words["category"]]
    stage = STAGES[category]
    assert stage is not None  # noqa: S101  no step is of category OTHER, which has no stage
    numbers[stage] += 1
    return {
        "id": stable_id("pathway", incident_type.name, words["step"]),
        "incident_type": incident_type,
        "stage": stage,
        "position": numbers[stage],
        "category": category,
        "kinds": words["kinds"].split("|"),
        "by_mandate": words["by_mandate"] == "yes",
        "report_to": words["report_to"] or None,
        "words_fr": words["words_fr"],
        "words_en": words["words_en"],
        "article": words["article"] or None,
        "reviewed_on": REVIEWED_ON,
        "source_id": source_id(words["source"]),
    }
