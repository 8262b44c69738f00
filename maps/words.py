"""Every text that a map shows: English here, other languages in catalogues of GNU gettext beside this module.

The catalogues are ``words.fr.po`` and ``words.bm.po``; a text stands there under its name (``msgctxt``), since one
English word may be two in another language. What Bambara lacks is shown in French, and the page says so. A test finds
what is not translated.
"""

from __future__ import annotations

import re
from functools import cache

from geo.vocabulary import Locale
from geo.vocabulary.catalogues import catalogue

WORDS: dict[str, str] = {
    # The page
    "overview_title": "Child protection: who acts, and where",
    "overview_lead": "Actors, shelters and published incidents, {period}",
    "coverage_title": "Coverage: {category}",
    "coverage_lead": "Children within {distance} of the nearest service",
    "dated": "Data: {data}",
    "dated_census": "census {date}",
    "undated_census": "census not known",
    "dated_services": "services verified up to {date}",
    "undated_services": "services never verified",
    "dated_actors": "actors verified up to {date}",
    "undated_actors": "actors never verified",
    "dated_incidents": "incidents {date}",
    "undated_incidents": "no incidents published",
    "illustrative_head": "Illustrative data:",
    "illustrative_banner": (
        "part of this map is made up and describes no real body, place or event. Do not use it to refer a child."
    ),
    "illustrative": "Illustrative",
    "map": "Map",
    "map_help": "Arrows: move. Plus and minus: zoom. Tab and Enter: open a card. Escape: close.",
    "legend": "Legend and layers",
    "no_script": "The map needs JavaScript. The legend and the sources can still be read.",
    "sources": "Sources",
    "borders": "The borders and names on this map do not imply official recognition.",
    "assumptions": "What these figures assume",
    "made_with": "Self-contained file: no connection is needed. Drawn with Leaflet and Folium.",
    "licence": "licence {licence}",
    # Controls
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "whole": "Whole map",
    "north": "North is up",
    "print": "Print",
    "copy": "Copy the address",
    "copied": "Address copied",
    "basemap": "Your own basemap (PMTiles)",
    "basemap_refused": "This file cannot be drawn: it must be an archive of pictures in PMTiles.",
    "close": "Close",
    "cluster": "{n} places, open",
    "show_map": "Show",
    "reset": "Reset",
    "home": "Start page",
    "choose_area": "Area",
    "choose_period": "Period",
    "choose_category": "Need",
    "choose_metres": "Distance",
    "choose_level": "Level",
    "choose_incident": "Incident",
    "choose_sector": "Sector",
    "choose_actors": "Actors",
    "any_time": "any",
    "choose_lang": "Language",
    "latest": "the latest",
    "all_types": "all",
    # Layers and legend
    "actors": "Protection actors",
    "justice": "Juvenile justice",
    "security": "Police and gendarmerie",
    "social": "Social services and authorities",
    "civil": "NGOs and civil society",
    "care": "Health and school",
    "community": "Traditional and religious leaders",
    "international": "United Nations and donors",
    "other": "Other actors",
    "cluster_note": "A ring gathers places close together; its parts show their families.",
    "together": "{called}: {n}",
    "together_note": (
        "Too many to be shown one by one: a number stands for those of a square, at the middle of their places."
    ),
    "by_area_note": (
        "Too many localities to be shown one by one: the published numbers are those of the areas that hold them."
    ),
    "shelters": "Shelters",
    "shelter_exact": "Public place",
    "shelter_area": "Somewhere in this zone",
    "area_note": (
        "A dashed circle has the area of a whole zone: the place, somewhere in the zone, is kept "
        "confidential. Its middle is no address, and nothing is measured to it."
    ),
    "shelter_areas": "Shelters somewhere in the zone {zone}: {n}",
    "service_areas": "Services somewhere in the zone {zone}, not counted: {n}",
    "counts": "Published incidents",
    "counts_note": "The circle’s area follows the number, published in steps of 5. “0–4” includes zero.",
    "reported": "{n} of {of} localities reported.",
    "NOT_REPORTED": "Not reported: nothing is known",
    "NOT_RELEASED": "Not released",
    "regions": "Regions",
    "unknown_border": "border not known",
    "unknown_border_note": (
        "Only the common outline of these regions is known: nobody has published the border between them."
    ),
    "unknown_among": "The border between these regions is not known: {regions}.",
    "unknown_region": "Region not known",
    "ground": "Background",
    "water": "Rivers and lakes",
    "neighbours": "Neighbouring countries",
    "credit_outlines": "Outlines: {names}.",
    "credit_ground": "Background: {names}.",
    "share": "Children covered, by region",
    "class_between": "{low} to under {high}",
    "class_above": "{low} and over",
    "no_data": "no data",
    "gaps": "Localities out of reach",
    "gaps_note": (
        "The area follows the priority: children out of reach, distance, incidents. The first ten are numbered."
    ),
    "none_released": "No incidents are released.",
    "gap_areas": "Land out of reach",
    "gap_areas_note": (
        "The regions without the circles of {distance} around services: {area} km². Outlines are right to {tolerance}."
    ),
    "ranking": "Priority localities",
    "services": "Services",
    "figure_covered": "of children are covered",
    "figure_uncovered": "children out of reach",
    "figure_population": "children under 18",
    "figure_actors": "protection actors",
    "figure_shelters": "shelters",
    "figure_localities": "localities reporting, of those expected",
    # Hotspots
    "hotspots_title": "Hotspots: {incident}",
    "all_incidents": "all reported incidents",
    "hotspots_lead": "Where published rates stand out beyond chance; {level}",
    "level_locality": "localities",
    "level_adm1": "regions",
    "level_adm2": "second administrative level",
    "moment": "Quarter",
    "hotspots": "Hotspots",
    "hotspots_note": (
        "Rates for 100,000 children, smoothed, compared with those of the six nearest neighbours by 9,999 "
        "permutations; the false discovery rate is held. A full disc is a high rate, a hollow one a low rate."
    ),
    "hotspots_tested": (
        "{tested} places compared; {untested} are not, of which {not_reported} did not report; unstable: {unstable}."
    ),
    "hotspots_others": "The 50 clearest are drawn; {others} others do not stand out.",
    "class_hot_99": "High among high, at 99%",
    "class_hot_95": "High among high, at 95%",
    "class_hot_90": "High among high, at 90%",
    "class_cold_99": "Low among low, at 99%",
    "class_cold_95": "Low among low, at 95%",
    "class_cold_90": "Low among low, at 90%",
    "class_outlier_99": "Unlike its neighbours, at 99%",
    "class_outlier_95": "Unlike its neighbours, at 95%",
    "class_outlier_90": "Unlike its neighbours, at 90%",
    "class_not_significant": "Nothing that chance would not do",
    "class_unstable": "Unstable: depends on rounding",
    "untested": "Not compared",
    "untested_not_reported": "did not report: nothing is known",
    "untested_not_published": "nothing is published",
    "untested_no_population": "population not known",
    "untested_no_point": "place not known",
    "rate_unknown": "not known",
    # Training
    "training_title": "Training: {kind}",
    "training_lead": "Children within {distance} of a trained actor of this kind",
    "dated_trainings": "last training {date}",
    "undated_trainings": "no training known",
    "figure_trained": "trained actors",
    "untrained": "Localities without a trained actor within reach",
    "untrained_note": "The area follows the number of children. The {n} largest are drawn, ten are numbered.",
    "trainings": "Trainings held",
    "training_where": "In this locality",
    "nearestActor": "Nearest trained actor",
    # Pathway, recommended sites, scenario
    "pathway_title": "Pathway: {incident}, from {place}",
    "pathway_lead": "Whom to tell and where a child can go, the nearest first",
    "pathway_here": "The town or village",
    "pathway_place": "A place of the pathway",
    "pathway_way": "Straight line to it",
    "pathway_tell": "tell {who}",
    "pathway_none": "nobody is known within reach",
    "legend_signs": "Signs",
    "need": "Need",
    "distance": "Distance",
    "sites_title": "Recommended sites: {category}",
    "sites_lead": "{n} sites from which most children more are within {distance}",
    "sites_recommended": "Recommended sites",
    "sites_reach": "Within {distance} of a site",
    "sites_note": (
        "1 is to be built first. Each brings children within reach besides those of all before it (model MCLP)."
    ),
    "sites_proven": "No choice of as many sites is better.",
    "sites_found": "It is the best choice that was found in time; a better one may be there.",
    "sites_ranking": "Sites to build first",
    "sites_added": "Site that is added or moved to",
    "site": "Site",
    "site_added": "added by the scenario",
    "site_moved": "moved here by the scenario",
    "gain": "Children more within reach",
    "figure_before": "children within reach today",
    "figure_after": "with all sites",
    "figure_gain": "children more",
    "scenario_title": "Scenario “{name}”: {category}",
    "today": "Today",
    "under_scenario": "Under the scenario",
    "figure_today": "of children covered today",
    "figure_then": "under the scenario",
    "figure_newly": "children newly within reach",
    "figure_lost": "children no longer within reach",
    "choose_place": "Town or village",
    "choose_sites": "Sites",
    "choose_scenario": "Scenario",
    # Presence
    "presence_title": "Presence: who does what, where",
    "presence_lead": "Organisations present as 3W lists say: {sector}, {period}",
    "all_sectors": "all sectors",
    "any_period": "any time",
    "dated_presence": "lists of {date}",
    "undated_presence": "date of the lists not known",
    "figure_organizations": "organisations",
    "figure_places": "presences",
    "organizations": "Organisations by region",
    "organizations_note": (
        "A presence is no service: nobody can be referred to it, and no coverage counts it. White: no list "
        "says anything; that does not mean that nobody is there."
    ),
    "presence_cut": "The first {n} presences by name are shown, of {of}.",
    "presence_elsewhere": "Presences without a known region: {n}.",
    "class_organizations": "{low} to {high}",
    "class_most": "{low} and more",
    "nobody_told": "none known",
    "sectors": "Sectors",
    # Cards
    "hotspot": "Class",
    "rate": "For 100,000 children",
    "chance": "False discoveries (q)",
    "kind": "Kind",
    "actorName": "Actor",
    "period": "Period",
    "count": "Incidents",
    "hasPlaces": "A place free",
    "has_places": "yes",
    "no_places": "no",
    "places_unknown": "not known",
    "code": "Code",
    "covered": "Children covered",
    "population": "Under 18",
    "basis": "Population",
    "basis_counted": "counted in a census",
    "basis_modelled": "shared out by a model",
    "basis_towns_only": "towns only",
    "uncovered": "Out of reach",
    "rank": "Priority rank",
    "nearest": "Nearest service",
    "incidents": "Incidents",
    "radius": "Radius of the zone",
    "hours": "Hours",
    "phone": "Phone",
    "source": "Source",
    "verified": "Verified on",
    "never_verified": "never",
    "no_service": "none",
    # The brief
    "brief_by_area": "By area",
    "brief_area": "Area",
    "brief_locality": "Locality",
    "brief_gaps": "Localities to serve first",
    "gaps_note_brief": "Ranked by priority; the formula is on the next page.",
    "brief_published": "published",
    "brief_method": "Method",
    "brief_covered": (
        "A child is covered where a service of the category is within the distance, in a straight line on the "
        "WGS 84 spheroid. A confidential service has no distance and does not count."
    ),
    "brief_priority": (
        "The priority of a locality out of reach multiplies its children, the rate of published incidents for "
        "100,000 children, and the distance to the nearest service in multiples of the reach, 10 at most."
    ),
    "brief_covered_formula": "share covered = 100 × Σ children (distance ≤ reach) / Σ children",
    "brief_priority_formula": "priority = children × (1 + rate / 100) × min(distance / reach, 10)",
    "brief_dates": "Dates of the data",
    "brief_unknown": "What is not known",
    "brief_never": "Services that nobody ever verified: {n}.",
    "brief_hidden": "Confidential services, known by their zone and not counted: {n}.",
    "brief_nobody": "Population not known: {areas}.",
    "brief_towns": "Only towns are counted: {areas}.",
    "brief_borders": "Published counts are rounded in steps of 5, by 4 at most; what is not published is not zero.",
    "borrowed": "A part of this page is not translated yet: it is in French.",
}
"""The texts in English, by name."""

CARD = (
    "kind",
    "hotspot",
    "sectors",
    "need",
    "distance",
    "gain",
    "actorName",
    "period",
    "count",
    "rate",
    "chance",
    "rank",
    "covered",
    "population",
    "uncovered",
    "basis",
    "nearest",
    "nearestActor",
    "incidents",
    "hasPlaces",
    "radius",
    "hours",
    "phone",
    "verified",
    "source",
    "code",
)
"""The lines of a card, in order; a feature shows those that it has."""

# French puts a non-breaking space before these signs and inside its quotation marks.
_BEFORE = re.compile(r" ([:;!?»])")


@cache
def words(locale: Locale) -> dict[str, str]:
    """Return every word of the page in a language, French where Bambara has no sure term.

    Examples
    --------
    >>> words(Locale.BM)["regions"], words(Locale.BM)["legend"]
    ('Maraw', 'Légende et couches')

    """
    return {name: _said(name, locale) for name in WORDS}


def _said(name: str, locale: Locale) -> str:
    """Return a text in a language, or else in French; without French it is an error."""
    if locale is Locale.EN:
        return WORDS[name]
    for each in dict.fromkeys((locale, Locale.FR)):
        message = catalogue("maps", "words", each).get(WORDS[name], context=name)
        if message is not None and message.string:
            return _typeset(str(message.string)) if each is Locale.FR else str(message.string)
    raise KeyError(name)


def _typeset(text: str) -> str:
    return _BEFORE.sub("\u00a0\\1", text).replace("« ", "«\u00a0")
