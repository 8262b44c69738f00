"""Every text that a map shows: French first, English, and Bambara where we are sure of the term, else French.

A test checks that the table is complete and that all languages have the same placeholders.
"""

from __future__ import annotations

import re

from geo.vocabulary import Locale, Words, in_language

WORDS: dict[str, Words] = {
    # The page
    "overview_title": (
        "Protection de l’enfance : qui agit, et où",
        "Child protection: who acts, and where",
        None,
    ),
    "overview_lead": (
        "Acteurs, hébergements et signalements publiés, {period}",
        "Actors, shelters and published incidents, {period}",
        None,
    ),
    "coverage_title": ("Couverture : {category}", "Coverage: {category}", None),
    "coverage_lead": (
        "Enfants à {distance} ou moins du service le plus proche",
        "Children within {distance} of the nearest service",
        None,
    ),
    "dated": ("Données : {data}", "Data: {data}", None),
    "dated_census": ("recensement {date}", "census {date}", None),
    "undated_census": ("recensement non connu", "census not known", None),
    "dated_services": ("services vérifiés jusqu’au {date}", "services verified up to {date}", None),
    "undated_services": ("services jamais vérifiés", "services never verified", None),
    "dated_actors": ("acteurs vérifiés jusqu’au {date}", "actors verified up to {date}", None),
    "undated_actors": ("acteurs jamais vérifiés", "actors never verified", None),
    "dated_incidents": ("signalements {date}", "incidents {date}", None),
    "undated_incidents": ("aucun signalement publié", "no incidents published", None),
    "illustrative_head": ("Données d’illustration :", "Illustrative data:", None),
    "illustrative_banner": (
        (
            "une partie de cette carte est inventée et ne décrit aucune structure, aucun lieu ni aucun fait réel. "
            "Ne pas s’en servir pour orienter un enfant."
        ),
        ("part of this map is made up and describes no real body, place or event. Do not use it to refer a child."),
        None,
    ),
    "illustrative": ("Donnée d’illustration", "Illustrative", None),
    "map": ("Carte", "Map", None),
    "map_help": (
        "Flèches : déplacer. Plus, moins : changer d’échelle. Tabulation, Entrée : ouvrir une fiche. Échap : fermer.",
        "Arrows: move. Plus and minus: zoom. Tab and Enter: open a card. Escape: close.",
        None,
    ),
    "legend": ("Légende et couches", "Legend and layers", None),
    "no_script": (
        "La carte a besoin de JavaScript. La légende et les sources restent lisibles.",
        "The map needs JavaScript. The legend and the sources can still be read.",
        None,
    ),
    "sources": ("Sources", "Sources", None),
    "borders": (
        "Les frontières et les noms de cette carte n’impliquent aucune reconnaissance officielle.",
        "The borders and names on this map do not imply official recognition.",
        None,
    ),
    "assumptions": ("Ce que ces chiffres supposent", "What these figures assume", None),
    "made_with": (
        "Fichier autonome : aucune connexion n’est nécessaire. Tracé avec Leaflet et Folium.",
        "Self-contained file: no connection is needed. Drawn with Leaflet and Folium.",
        None,
    ),
    "licence": ("licence {licence}", "licence {licence}", None),
    # Controls
    "zoom_in": ("Zoom avant", "Zoom in", None),
    "zoom_out": ("Zoom arrière", "Zoom out", None),
    "whole": ("Toute la carte", "Whole map", None),
    "north": ("Le nord est en haut", "North is up", None),
    "print": ("Imprimer", "Print", None),
    "copy": ("Copier l’adresse", "Copy the address", None),
    "copied": ("Adresse copiée", "Address copied", None),
    "close": ("Fermer", "Close", "Datugu"),
    "cluster": ("{n} lieux, ouvrir", "{n} places, open", None),
    # Layers and legend
    "actors": ("Acteurs de protection", "Protection actors", None),
    "justice": ("Justice des mineurs", "Juvenile justice", None),
    "security": ("Police et gendarmerie", "Police and gendarmerie", "Polisi ni zandarima"),
    "social": ("Services sociaux et autorités", "Social services and authorities", None),
    "civil": ("ONG et société civile", "NGOs and civil society", None),
    "care": ("Santé et école", "Health and school", "Dɔgɔtɔrɔso ni lakɔli"),
    "community": ("Chefs traditionnels et religieux", "Traditional and religious leaders", None),
    "international": ("Nations Unies et bailleurs", "United Nations and donors", None),
    "other": ("Autres acteurs", "Other actors", None),
    "cluster_note": (
        "Un anneau réunit des lieux proches ; ses parts montrent leurs familles.",
        "A ring gathers places close together; its parts show their families.",
        None,
    ),
    "together": ("{called} : {n}", "{called}: {n}", None),
    "together_note": (
        "Trop nombreux pour être montrés un à un : un nombre réunit ceux d’un carré, au milieu de leurs lieux.",
        "Too many to be shown one by one: a number stands for those of a square, at the middle of their places.",
        None,
    ),
    "by_area_note": (
        "Trop de localités pour être montrées une à une : les nombres publiés sont ceux des zones qui les réunissent.",
        "Too many localities to be shown one by one: the published numbers are those of the areas that hold them.",
        None,
    ),
    "shelters": ("Hébergements", "Shelters", None),
    "shelter_exact": ("Emplacement public", "Public place", None),
    "shelter_area": ("Quelque part dans cette zone", "Somewhere in this zone", None),
    "area_note": (
        (
            "Un cercle pointillé a la surface d’une zone entière : le lieu, quelque part dans la zone, est tenu "
            "confidentiel. Son centre n’est pas une adresse, et rien n’y est mesuré."
        ),
        (
            "A dashed circle has the area of a whole zone: the place, somewhere in the zone, is kept confidential. Its "
            "middle is no address, and nothing is measured to it."
        ),
        None,
    ),
    "shelter_areas": (
        "Hébergements quelque part dans la zone {zone} : {n}",
        "Shelters somewhere in the zone {zone}: {n}",
        None,
    ),
    "service_areas": (
        "Services quelque part dans la zone {zone}, non comptés : {n}",
        "Services somewhere in the zone {zone}, not counted: {n}",
        None,
    ),
    "counts": ("Signalements publiés", "Published incidents", None),
    "counts_note": (
        "La surface du cercle suit le nombre, publié par pas de 5. « 0–4 » comprend zéro.",
        "The circle’s area follows the number, published in steps of 5. “0–4” includes zero.",
        None,
    ),
    "reported": (
        "{n} localités sur {of} ont déclaré.",
        "{n} of {of} localities reported.",
        "Dugu {of} la, {n} ye kunnafoni di.",
    ),
    "NOT_REPORTED": ("Non déclaré : on n’en sait rien", "Not reported: nothing is known", None),
    "NOT_RELEASED": ("Non publié", "Not released", None),
    "regions": ("Régions", "Regions", "Maraw"),
    "unknown_border": ("limite non connue", "border not known", None),
    "unknown_border_note": (
        "Seul le contour commun de ces régions est connu : personne n’a publié la limite entre elles.",
        "Only the common outline of these regions is known: nobody has published the border between them.",
        None,
    ),
    "unknown_among": (
        "Entre ces régions, la limite n’est pas connue : {regions}.",
        "The border between these regions is not known: {regions}.",
        None,
    ),
    "unknown_region": ("Région non connue", "Region not known", None),
    "ground": ("Fond de carte", "Background", None),
    "water": ("Cours d’eau et lacs", "Rivers and lakes", None),
    "neighbours": ("Pays voisins", "Neighbouring countries", None),
    "credit_outlines": ("Contours : {names}.", "Outlines: {names}.", None),
    "credit_ground": ("Fond : {names}.", "Background: {names}.", None),
    "share": ("Enfants couverts, par région", "Children covered, by region", None),
    "class_between": ("de {low} à moins de {high}", "{low} to under {high}", None),
    "class_above": ("{low} et plus", "{low} and over", None),
    "no_data": ("sans donnée", "no data", None),
    "gaps": ("Localités hors de portée", "Localities out of reach", None),
    "gaps_note": (
        "La surface suit la priorité : enfants hors de portée, distance, signalements. Dix sont numérotées.",
        "The area follows the priority: children out of reach, distance, incidents. The first ten are numbered.",
        None,
    ),
    "none_released": ("Aucun signalement n’est publié.", "No incidents are released.", None),
    "gap_areas": ("Zones hors de portée", "Land out of reach", None),
    "gap_areas_note": (
        "Les régions sans les cercles de {distance} autour des services : {area} km². Contours à {tolerance} près.",
        "The regions without the circles of {distance} around services: {area} km². Outlines are right to {tolerance}.",
        None,
    ),
    "ranking": ("Localités prioritaires", "Priority localities", None),
    "services": ("Services", "Services", None),
    "figure_covered": ("des enfants sont couverts", "of children are covered", None),
    "figure_uncovered": ("enfants hors de portée", "children out of reach", None),
    "figure_population": ("enfants de moins de 18 ans", "children under 18", None),
    "figure_actors": ("acteurs de protection", "protection actors", None),
    "figure_shelters": ("hébergements", "shelters", None),
    "figure_localities": (
        "localités ayant déclaré, sur celles attendues",
        "localities reporting, of those expected",
        None,
    ),
    # Cards
    "kind": ("Type", "Kind", None),
    "actorName": ("Acteur", "Actor", None),
    "period": ("Période", "Period", None),
    "count": ("Signalements", "Incidents", None),
    "hasPlaces": ("Place libre", "A place free", None),
    "has_places": ("oui", "yes", None),
    "no_places": ("non", "no", None),
    "places_unknown": ("non connu", "not known", None),
    "code": ("Code", "Code", None),
    "covered": ("Enfants couverts", "Children covered", None),
    "population": ("Moins de 18 ans", "Under 18", None),
    "basis": ("Population", "Population", None),
    "basis_counted": ("recensée", "counted in a census", None),
    "basis_modelled": ("répartie par un modèle", "shared out by a model", None),
    "basis_towns_only": ("villes seulement", "towns only", None),
    "uncovered": ("Hors de portée", "Out of reach", None),
    "rank": ("Rang de priorité", "Priority rank", None),
    "nearest": ("Service le plus proche", "Nearest service", None),
    "incidents": ("Signalements", "Incidents", None),
    "radius": ("Rayon de la zone", "Radius of the zone", None),
    "verified": ("Vérifié le", "Verified on", None),
    "never_verified": ("jamais", "never", None),
    "no_service": ("aucun", "none", None),
}

CARD = (
    "kind",
    "actorName",
    "period",
    "count",
    "rank",
    "covered",
    "population",
    "uncovered",
    "basis",
    "nearest",
    "incidents",
    "hasPlaces",
    "radius",
    "verified",
    "code",
)
"""The lines of a card, in order; a feature shows those that it has."""

# French puts a non-breaking space before these signs and inside its quotation marks.
_BEFORE = re.compile(r" ([:;!?»])")


def words(locale: Locale) -> dict[str, str]:
    """Return every word of the page in a language, French where Bambara has no sure term.

    Examples
    --------
    >>> words(Locale.BM)["regions"], words(Locale.BM)["legend"]
    ('Maraw', 'Légende et couches')

    """
    chosen = {name: in_language(row, locale) for name, row in WORDS.items()}
    return {name: _typeset(text, french=text == WORDS[name][0]) for name, text in chosen.items()}


def _typeset(text: str, french: bool) -> str:
    return _BEFORE.sub("\u00a0\\1", text).replace("« ", "«\u00a0") if french else text
