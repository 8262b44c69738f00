"""Response pathways: what to do for a child, step by step, by type of incident; each rests on a text of guidance."""

from __future__ import annotations

from typing import Any

from geo.vocabulary import STAGES, ActorKind, IncidentType, ServiceCategory
from seeds.columns import cells
from seeds.columns.kind import Field, Kind
from seeds.columns.terms import INCIDENT_TYPES, categories, several, term
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.troubles import CellTrouble, Refused, RowTrouble

KIND = Kind(
    "pathways",
    ("parcours de réponse", "response pathways"),
    (
        Field(
            "incident_type",
            ("type d’incident", "type of incident"),
            term(IncidentType, INCIDENT_TYPES),
            ("type d’incident", "incident type", "type"),
            required=True,
        ),
        Field(
            "category",
            ("catégorie de service", "category of service"),
            term(ServiceCategory, categories()),
            ("catégorie", "category"),
            required=True,
        ),
        Field(
            "kinds",
            ("qui agit", "who acts"),
            several(term(ActorKind, {})),
            ("acteurs", "kinds", "qui", "actors"),
            required=True,
            example="NGO",
        ),
        Field(
            "by_mandate",
            ("le compétent d’abord", "the competent one first"),
            cells.yes_or_no,
            ("by_mandate", "par compétence", "compétence"),
        ),
        Field("report_to", ("signaler à", "report to"), term(ActorKind, {}), ("report_to", "signaler à")),
        Field(
            "source", ("clé du texte", "key of the text"), cells.code, ("texte", "source", "guidance"), required=True
        ),
        Field("article", ("article", "article"), cells.line, ("article",)),
        # One of both is enough: a country may speak no French, or no English.
        Field(
            "words_fr",
            ("mots en français", "words in French"),
            cells.passage,
            ("words_fr", "texte_fr"),
            example="Exemple",
        ),
        Field(
            "words_en",
            ("mots en anglais", "words in English"),
            cells.passage,
            ("words_en", "texte_en"),
            example="Example",
        ),
        Field("words_bm", ("mots en bambara", "words in Bambara"), cells.passage, ("words_bm", "texte_bm")),
        Field("reviewed_on", ("relu le", "reviewed on"), cells.date, ("relu le", "reviewed on", "reviewed_on")),
    ),
    advises=True,
)
STAGED = {
    "incident_type": "lakana.incident_type",
    "stage": "lakana.stage",
    "category": "lakana.service_category",
    "kinds": "lakana.actor_kind[]",
    "by_mandate": "boolean",
    "report_to": "lakana.actor_kind",
    "source": "text",
    "article": "text",
    "words_fr": "text",
    "words_en": "text",
    "words_bm": "text",
    "reviewed_on": "date",
}


def stage(row: Read, options: Options) -> list[Any]:
    """Return what is staged of a row: a step, in the stage of its category."""
    values = row.values
    of_stage = STAGES[values["category"]]
    if of_stage is None:
        raise Refused(RowTrouble.NO_STAGE)
    reviewed_on = values.get("reviewed_on") or options.as_of
    if reviewed_on is None:
        raise Refused(RowTrouble.NEEDS_REVIEW)
    who = [each.name for each in values["kinds"]]
    report_to = values.get("report_to")
    own = [values["incident_type"].name, of_stage.name, values["category"].name, who, values.get("by_mandate", False)]
    french, english = values.get("words_fr"), values.get("words_en")
    if french is None and english is None:
        raise Refused(CellTrouble.MISSING, field="words_fr, words_en")
    words = [values.get("article"), french or english, english or french, values.get("words_bm")]
    return [*own, report_to and report_to.name, values["source"], *words, reviewed_on]


def merge(merging: Merging) -> None:
    """Merge pathways of a nation, each type whole: its steps come in the order of their rows within each stage."""
    nation = merging.nation()
    merging.tell(merging.file("pathway_troubles", nation_id=nation.id).all())
    counted = merging.file("pathway_merged", nation_id=nation.id, nation=nation.code).one()
    merging.report.new, merging.report.changed, merging.report.unchanged = counted.new, counted.changed, counted.same


LOADER = Loader(KIND, STAGED, stage, merge, partly=False)
