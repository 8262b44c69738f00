"""Real texts, and the response pathways that are drawn from them: what to do for a child, by type of incident.

``guidance.csv`` lists laws, treaties and guidelines, ``pathway_steps.csv`` the steps with the text that each rests on,
``pathways.csv`` the steps of each type in their order. A step's stage is that of its category.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import Connection

from geo.database.loading import insert_rows
from geo.database.tables import guidance, pathway_step, source
from geo.vocabulary import STAGES, IncidentType, ServiceCategory, Stage
from seeds.mali.codes import COD, NATION, area_id
from seeds.mali.reading import stable_id, table
from seeds.mali.sources import source_id

REVIEWED_ON = dt.date(2026, 11, 25)
"""When the steps were last checked against their texts."""
NATION_ID = area_id(COD, NATION)


def load(connection: Connection) -> None:
    """Insert the texts and the steps."""
    texts = table("guidance.csv")
    insert_rows(connection, source, [_source(each) for each in texts])
    insert_rows(
        connection,
        guidance,
        [
            {
                "source_id": source_id(each["key"]),
                "nation_id": NATION_ID,
                "key": each["key"],
                "year": int(each["year"]),
                "binding": each["binding"] == "yes",
                "note_fr": each["note_fr"] or None,
                "note_en": each["note_en"] or None,
            }
            for each in texts
        ],
    )
    insert_rows(connection, pathway_step, steps())


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
        "nation_id": NATION_ID,
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
