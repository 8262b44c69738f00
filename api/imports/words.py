"""The words of the page of imports, French first."""

from __future__ import annotations

from typing import Any

from geo.vocabulary import Locale, Words, in_language
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
    "none": ("— laissée de côté —", "— left out —", None),
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
    "offline": ("Le serveur ne répond pas.", "The server does not answer.", None),
}


def said(locale: Locale) -> dict[str, Any]:
    """Return the words of the page in a language, French where it has none of its own."""
    return {
        **{key: in_language(words, locale) for key, words in _WORDS.items()},
        "outcomes": {each.value: in_language(OUTCOMES[each], locale) for each in Outcome},
        "counts": [[_camel(name), in_language(words, locale)] for name, words in COUNTS],
        "columns": [in_language(each, locale) for each in COLUMNS],
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
