"""The words of a report, wherever it is read."""

from __future__ import annotations

from geo.vocabulary import Words
from seeds.reports.report import Outcome
from seeds.troubles import Weight

TITLE: Words = ("Rapport d’import", "Report of an import", None)
OUTCOMES: dict[Outcome, Words] = {
    Outcome.LOADED: ("Chargé.", "Loaded.", None),
    Outcome.TRIED: ("Essai : rien n’a été chargé.", "Dry run: nothing was loaded.", None),
    Outcome.PARTLY: ("Chargé sans les lignes refusées.", "Loaded without the rows that were refused.", None),
    Outcome.REFUSED: (
        "Rien n’a été chargé : corrigez les lignes refusées, ou acceptez de les laisser.",
        "Nothing was loaded: mend the rows that were refused, or leave them out.",
        None,
    ),
}
COUNTS: tuple[tuple[str, Words], ...] = (
    ("read", ("lues", "read", None)),
    ("new", ("nouvelles", "new", None)),
    ("changed", ("modifiées", "changed", None)),
    ("unchanged", ("inchangées", "unchanged", None)),
    ("folded", ("répétées", "repeated", None)),
    ("left_out", ("d’autre chose", "of other things", None)),
    ("refused", ("refusées", "refused", None)),
)
ROWS: Words = ("Lignes", "Rows", None)
RECOGNISED: Words = ("Reconnu", "Recognised", None)
LEFT_OUT: Words = ("colonnes laissées", "columns left out", None)
COLUMNS: tuple[Words, ...] = (
    ("fichier", "file", None),
    ("feuille", "sheet", None),
    ("ligne", "row", None),
    ("colonne", "column", None),
    ("valeur", "value", None),
    ("poids", "weight", None),
    ("problème", "what is wrong", None),
    ("que faire", "what to do", None),
)
WEIGHTS: dict[Weight, Words] = {
    Weight.FILE: ("fichier refusé", "file refused", None),
    Weight.ROW: ("ligne refusée", "row refused", None),
    Weight.NOTE: ("remarque", "note", None),
}
