"""The words of the page of imports, French first."""

from __future__ import annotations

from typing import Any

from geo.vocabulary import Locale, Words, in_language
from seeds.columns.cells import DateOrder
from seeds.loading.kinds import LOADERS
from seeds.reports.report import Outcome
from seeds.reports.wording import COLUMNS, COUNTS, OUTCOMES, WEIGHTS

_WORDS: dict[str, Words] = {
    "title": ("Importer un fichier", "Import a file", None),
    "lead": (
        "Choisissez un fichier : il est d’abord lu et rien n’est chargé avant que vous ne l’ayez confirmé.",
        "Choose a file: it is read first, and nothing is loaded before you have confirmed it.",
        None,
    ),
    "key": ("Votre clé d’intendant", "Your steward’s key", None),
    "key_note": (
        "Elle reste dans cette page et n’est gardée nulle part.",
        "It stays in this page and is kept nowhere.",
        None,
    ),
    "kind": ("Que contient-il ?", "What does it hold?", None),
    "file": (
        "Fichier (CSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, GeoTIFF ou zip, aussi d’un Shapefile ; 50 Mo au plus)",
        "File (CSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, GeoTIFF or zip, also of a Shapefile; at most 50 MB)",
        None,
    ),
    "more": ("Préciser", "Say more", None),
    "source": ("Source", "Source", None),
    "licence": ("Licence", "Licence", None),
    "asOf": ("Date des données", "Day of the data", None),
    "scheme": ("Référentiel des codes (COD-AB…)", "Scheme of the codes (COD-AB…)", None),
    "edition": ("Édition des aires", "Edition of the areas", None),
    "nation": ("Pays, si aucune colonne ne le dit (CODE=NOM)", "Nation, where no column says it (CODE=NAME)", None),
    "sheet": ("Feuille du classeur", "Sheet of the workbook", None),
    "mapping": ("Colonnes gardées sous le nom", "Columns kept under the name", None),
    "validFrom": ("Aires en vigueur dès le", "Areas in force from", None),
    "validTo": ("Aires en vigueur jusqu’au (ce jour exclu)", "Areas in force until (without that day)", None),
    "childrenOf100": (
        "Moins de 18 ans pour 100 habitants, si le fichier ne donne que des totaux",
        "Under 18 among 100 people, where the file gives totals only",
        None,
    ),
    "dates": ("Ordre des dates comme 6/3/2019", "Order of dates such as 6/3/2019", None),
    "spellings": (
        "Graphies : quelle aire un nom désigne, une par ligne (NOM=CODE)",
        "Spellings: which area a name means, one a line (NAME=CODE)",
        None,
    ),
    "byName": ("Chercher les aires par leur nom seul", "Look for areas by their names alone", None),
    "acceptPartial": ("Charger sans les lignes refusées", "Load without the rows that are refused", None),
    "saveMapping": ("Garder ces colonnes sous le nom", "Keep these columns under the name", None),
    "read": ("Lire le fichier", "Read the file", None),
    "again": ("Relire avec ces choix", "Read again with these choices", None),
    "load": ("Charger", "Load", None),
    "end": ("Abandonner", "Give up", None),
    "sending": ("Envoi…", "Sending…", None),
    "QUEUED": ("En attente…", "Waiting…", None),
    "RUNNING": ("Lecture en cours…", "Being read…", None),
    "recognised": ("Ce qui a été reconnu", "What was recognised", None),
    "column": ("colonne du fichier", "column of the file", None),
    "taken_for": ("prise pour", "taken for", None),
    "none": ("— non reconnue —", "— not recognised —", None),
    "leave": ("— à laisser de côté —", "— to be left out —", None),
    "report": ("Rapport", "Report", None),
    "download": ("Rapport complet :", "Whole report:", None),
    "loaded": (
        "C’est chargé. Numéro de l’import, pour l’annuler :",
        "It is loaded. The id of the import, to undo it:",
        None,
    ),
    "failed": ("L’import a échoué.", "The import failed.", None),
    "refused": ("Ce fichier ne peut pas être lu.", "This file cannot be read.", None),
    "over": ("Abandonné ; le fichier est effacé.", "Given up; the file is deleted.", None),
    "lost": (
        (
            "Le serveur n’a plus ce fichier : il a redémarré, ou une demi-heure a passé. Rechargez-le ; les imports"
            " chargés sont dans la liste (GraphQL : imports)."
        ),
        (
            "The server has this file no more: it has restarted, or half an hour has passed. Choose it again; imports"
            " that were loaded stand in their list (GraphQL: imports)."
        ),
        None,
    ),
    "offline": ("Le serveur ne répond pas.", "The server does not answer.", None),
}

_ORDERS: tuple[tuple[str, Words], ...] = (
    (DateOrder.DAY_FIRST.value, ("le jour d’abord", "the day first", None)),
    (DateOrder.MONTH_FIRST.value, ("le mois d’abord", "the month first", None)),
)


def said(locale: Locale) -> dict[str, Any]:
    """Return the words of the page in a language, French where it has none of its own."""
    return {
        **{key: in_language(words, locale) for key, words in _WORDS.items()},
        "outcomes": {each.value: in_language(OUTCOMES[each], locale) for each in Outcome},
        "counts": [[_camel(name), in_language(words, locale)] for name, words in COUNTS],
        "columns": [in_language(each, locale) for each in COLUMNS],
        "orders": [[name, in_language(words, locale)] for name, words in _ORDERS],
        "weights": {each.value: in_language(words, locale) for each, words in WEIGHTS.items()},
        "locale": locale.name if locale is not Locale.BM else Locale.FR.name,
    }


def kinds(locale: Locale) -> list[dict[str, Any]]:
    """Return the kinds with their fields, each with its words."""
    return [
        {
            "name": each.kind.name,
            "words": in_language((*each.kind.words, None), locale),
            "fields": [[field.name, in_language((*field.words, None), locale)] for field in each.kind.fields],
        }
        for each in LOADERS.values()
    ]


def _camel(name: str) -> str:
    return name.replace("_o", "O")
