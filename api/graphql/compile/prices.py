"""The one list of prices, each beside the measurement that it stands for.

One point is :data:`POINT_MS`, a tenth of a millisecond, of the database or of the event loop, or half a millisecond of
a worker process. The measurements are those of ``tests/benchmarks/prices.py`` on a machine with two cores. Run it to
measure again: it marks each price that is off by more than four times.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import inf

from api.graphql.compile.asked import Asked
from geo.queries.base.levels import ADMIN_LEVELS, number_of
from geo.queries.base.nested_page import USUAL_PAGE
from geo.queries.planning.scenarios import MOST_COMPARED
from geo.queries.planning.siting import DEFAULT_JOB_TIME_S
from geo.vocabulary import STAGES, AreaLevel
from geo.writes.scenarios import MOST_CHANGES

POINT_MS = 0.1
WORKER_POINT_MS = 0.5

ROOT = 2.0
"""A root field: executing its statement and passing on the answer."""
LEAF = 0.02
"""A value of a row."""
ROW = 0.05
"""A row, and an object read from a row of its own."""
RECORD = 0.1
"""An object of whatever type, looked for among the rows of each: 1.0 ms for 100."""
POINT_VALUE = 0.05
"""A point as GeoJSON."""
OUTLINE_TEST = 0.6
"""Whether an outline holds a point: 0.05 ms for a region of Mali."""
SUCCESSOR = 0.1
"""Whether a crosswalk leads to an area from one in force: 2.3 ms for 240 areas."""
OUTLINE = 0.6
"""An outline as GeoJSON, in the mean: 1.6 ms for the nation's and 20 regions'."""
OUTLINE_POSITION = 0.005
"""A position of an outline: 0.85 ms for the 1,728 of Mali's."""
OUTLINE_AT_MOST = 20.0
"""The most for an outline, so that a page of them can be asked for in every country; the rest is charged later."""
OPEN_THEN, NEXT_CHANGE = 0.5, 2.5
"""Asking hours whether they are open at a moment: 0.043 ms; and when that changes: 0.24 ms."""
LEFT_OUT = 25.0
"""Counting the confidential services of the zones that an area overlaps: 2.5 ms for the nation."""
DATED, DATED_EACH = 5.0, 0.1
"""Of when the data of an answer are, 0.48 ms, most of it for the census of the nation; and the latest verified service
of each category: 0.58 ms for 16 among 300,000 services."""
TOTAL = 3.0
"""Counting all matches of a list."""
SORTED_ROW = 0.02
"""Each further row that lies in a box, found by the index and sorted by name: 440 to 1,027 ms for 300,000."""
COUNTED_ROW, COUNTED_MATCH = 0.0013, 0.01
"""Each further row of a table that is counted: 40 ms for 300,000; and of those that lie in a box or an area: 280 ms."""
COUNTED_ROW_OF = {"audit_entries": 0.08}
"""The same of a table of which not each row is for everybody who asks: 4 to 19 µs of the audit log."""
OF_AN_AREA = 0.25
"""The part of a table that is taken to lie in an area; the nation's rest is charged later."""
SEARCHED_ROW, SEARCHED_ROW_SHORT = 0.0003, 0.003
"""Each further row of a table in which a text is looked for; one of less than three letters is not in the index."""
SEARCHED_NAME = 0.004
"""Each spelling of a place's name in which a text is looked for: 1 to 150 ms for 300,000; 450 to 600 for an ending
of every seventh of them, of which the rest is charged later."""
COMPILED = 2.0
"""Making the SQL of a field, once for each choice of ``@skip`` and ``@include`` and of given arguments: 0.7 ms."""
RECKONED = 0.01
"""Reckoning the price of a field, of an operation that is then refused: 0.19 ms for 213, most in nested lists."""
INTROSPECTED = 0.08
"""A value of introspection, which Python resolves: 164 ms for the 17,000 of the usual query."""
READING_FOR_100_CHARACTERS = 10.0
"""Parsing, validating and compiling a document that is not cached."""
VARIABLES_FOR_1000_CHARACTERS = 3.0
"""Coercing variables: 19 to 34 ms for a list of 9,500 terms, 95 kB, of which guard.MAX_VALUES admits 6,000."""
VARIABLES_FOR_A_VALUE = 0.05
"""Each value among them: 22 ms for 5,900 numbers, 29 ms for 1,980 points; longer work is charged afterwards."""
PARSED_FOR_1000_CHARACTERS, PARSED_MARK = 0.02, 0.001
"""Parsing a body or an address, whatever becomes of it: 0.1 to 0.2 ms for 99 kB without any of :data:`PARSED_MARKS`,
0.7 to 2.4 ms for 22,000 of them; 0.4 ms for the 2,600 bytes that an address may escape."""
PARSED_MARKS = b"[{,:%"
PAGE = 3.0
"""Finding a page of a list: 0.2 to 0.4 ms."""
PAGE_OF_ONE = 0.5
"""The same of each of several categories, from which a page is put together."""
NESTED_PAGE = 0.3
"""Finding a page of a list inside a record, or counting it."""
PART = 0.5
"""A piece of land as GeoJSON."""
FEATURE = 0.15
"""A feature of a layer with its properties."""
BY_IDS, BY_ID = 6.0, 0.02
"""Looking for ids in the tables of all kinds, 0.6 ms, and each of them: 0.15 ms for 100."""
NEAREST, NEAREST_EACH = 4.0, 0.05
SEARCHED, SEARCHED_AT_MOST = 0.25, 1_000
"""A service that is looked at for one that fits: a third of 75 ms for 1,000 of which none is open, since by day 10 of
300,000 take 2 ms; what it really took is charged afterwards, up to four times the price."""
AT_PLACE = 10.0
"""Finding the areas that hold a place."""
STEP = 10.0
"""Finding the candidates of one step of a pathway, beside looking for those that fit."""
WALKED = 0.003
"""Visiting a demand point."""
PAIR = 0.022
"""A category at a demand point: checking whether its distance is within reach."""
PAIR_BY_ROAD = 0.045
"""The same, by the time along roads."""
PLACES = 0.01
"""Giving free places to the children of a demand point."""
CURVE_STEP = 0.0005
RANKED = 0.1
SOURCED = 0.003
"""Looking at a service, or at a demand point, for the sources of an answer: 48 to 121 ms for 311,000."""
GAP_OUTLINE, GAP_CIRCLE = 300.0, 4.0
TRAINED_NEAR, USUAL_ACTORS = 0.0035, 458
"""An actor that is looked at for the trained one nearest to a locality: 8 ms for 77 localities among 300 actors."""
TRAINED, TIMED = 0.08, 0.1
COMPARED = 0.1
"""A demand point, for each scenario and for today: 30 ms for Mali's."""
CHANGED = 0.02
"""The same for each change of a scenario: 0.01 for a site that is added, 0.02 for a service that is closed, 0.05 if it
is moved."""
SOLVER_SHARE, SOLVED = 0.1, 0.5
SITED_PAIR = 0.0005
"""A candidate and a demand point: with 1,000 points, 3.2 million of them, 0.4 to 2.7 s."""
SENT_APART = 100.0
"""Reading what a worker process needs, and sending it there and back."""
SCORED = 0.04
SCORED_PAIR = 0.0015
"""A demand point and a service within reach of each other, as all may be."""
TESTED, DRAWN = 0.15, 0.00008
"""A place, with 50 redraws of its count, and a neighbour drawn in a permutation of one: 0.04 µs. 94 places with
6 (50) neighbours and 9,999 permutations 0.16 s (0.8 s); 5,000 places 0.4 s (1.0 s)."""
TESTS, DRAWN_AT_MOST, USUAL_NEIGHBOURS = 51, 20_000_000, 6
"""The published counts and their redraws are tested by at most so many drawn neighbours."""
FOLLOWED, COUNTED = 0.15, 0.05
INDEXED_LETTERS = 3
QUARTERS_AT_MOST, USUAL_QUARTERS = 40, 8
WRITE = 50.0
CHANGE = 1.0
"""A change of a scenario, or a recorded row."""
RETURN = 11 * CHANGE
"""A recorded return, and a row for each type."""
TRAINED_ACTOR = 2.5
"""An actor that sent somebody to a training: 60 to 190 ms for 458."""
JOB_SECOND = 5.0
GIVEN_POINT = 0.2
"""A point among the candidates of a job, made and checked: 21 to 26 ms for 1,000."""
UNPACKED = 1.0
"""Reading what a job was asked, which is stored whole: 0.01 ms, and 0.1 ms beside 91 kB of ``exclude``."""
STORED_POLYGONS = 10.0
"""Reading that ``exclude`` too: 0.01 to 4.2 ms, of which 4 ms are charged."""
WORK_AT_MOST = 4_000.0
"""The most for the work of one root field. In a country so large that it takes longer, the rest is charged later."""


Size = Callable[[Asked], float]
"""The length of a list, or the points for some work, given the arguments."""


def first(default: int, most: int | None = None) -> Size:
    """Return the size of a list that the argument ``first`` bounds."""

    def size(asked: Asked) -> float:
        value = max(asked.given("first", default), 0)
        return float(value if most is None else min(value, most))

    return size


def twice_first(default: int, most: int | None = None) -> Size:
    """Return the size of a list that holds as many again as the argument ``first`` says."""
    return lambda asked: 2 * first(default, most)(asked)


def length_of(argument: str, default: int) -> Size:
    """Return the length of a list that is given as an argument."""
    return lambda asked: float(len(given)) if (given := asked.given(argument)) is not None else float(default)


def areas_of(asked: Asked, level: int | None) -> float:
    """Return at most how many areas of a level there are; below the nation if neither level nor area is named."""
    country = asked.country
    if level is None:
        return country.parts(None if asked.given("areaCode") else 1)
    return country.parts(level)


def parts(asked: Asked) -> float:
    """Return at most how many parts an area has at the requested level: those of the whole country, and itself."""
    return areas_of(asked, _number(asked.given("level"))) + 1.0


def places(asked: Asked) -> float:
    """Return how many places of a level there are."""
    level = asked.given("level")
    if level is AreaLevel.LOCALITY:
        return float(asked.country.localities)
    return areas_of(asked, _number(level))


def _number(level: AreaLevel | None) -> int | None:
    """Return the number of a level; localities, where they are refused, count as the deepest."""
    return len(ADMIN_LEVELS) if level is AreaLevel.LOCALITY else number_of(level)


def counted(name: str, most: float = inf) -> Size:
    """Return the size of a list that holds all that the country has, but never more than ``most``."""
    return lambda asked: min(float(getattr(asked.country, name)), most)


def fixed(points: float) -> Size:
    """Return a price that depends on no argument."""
    return lambda _: points


nothing: Size = fixed(0.0)
"""The price of no work at all."""
write: Size = fixed(WRITE)
"""The price of a write."""
nested_page: Size = fixed(NESTED_PAGE)
"""The price of finding a page of a list inside a record."""


def capped(work: Size) -> Size:
    """Return a price with an upper bound."""
    return lambda asked: min(work(asked), WORK_AT_MOST)


def categories(asked: Asked) -> int:
    """Return how many categories a question is about."""
    need = asked.given("need")
    if need is None:
        return 1
    if need.get("stage") is not None:
        return sum(stage is need["stage"] for stage in STAGES.values())
    listed = need.get("categories")
    return asked.country.steps if listed is None else max(len(listed), 1)


def by_road(asked: Asked) -> bool:
    """Return whether a reach is a travel time, which is looked up along roads if they are loaded."""
    return "travel" in (asked.given("within") or ())


def coverage(asked: Asked) -> float:
    """Return the price of a walk over every demand point for each category."""
    each = PAIR_BY_ROAD if by_road(asked) else PAIR
    places = PLACES if asked.given("byPlaces") else 0.0
    return asked.country.demand_points * (WALKED + each * categories(asked) + places)


def curve(asked: Asked) -> float:
    """Return the price of a curve: a walk, and each distance over its points."""
    distances = length_of("distancesMetres", 20)(asked)
    return coverage(asked) + asked.country.demand_points * distances * CURVE_STEP


def gaps(asked: Asked) -> float:
    """Return the price of ranking the localities out of reach."""
    return coverage(asked) + asked.country.localities * RANKED


def ranked(asked: Asked) -> float:
    """Return the price of counting a ranking that is made already."""
    return asked.country.localities * LEAF


def sourced(asked: Asked) -> float:
    """Return the price of finding the sources of an answer: those of the services and of the demand points."""
    services = max(asked.country.rows.get("services", 0), asked.country.services)
    return (services + asked.country.demand_points) * SOURCED


def dated(asked: Asked) -> float:
    """Return the price of telling of when the data of an answer are."""
    return DATED + DATED_EACH * categories(asked)


def training_sources(asked: Asked) -> float:
    """Return the price of finding the sources of an answer about trained actors, who are few: of the demand points."""
    return asked.country.demand_points * SOURCED


def gap_areas(asked: Asked) -> float:
    """Return the price of drawing the land between catchments: circles joined, and cut out of an outline."""
    return coverage(asked) + GAP_OUTLINE + asked.country.services * GAP_CIRCLE


def training(asked: Asked) -> float:
    """Return the price of a search for the nearest trained actor of every demand point."""
    return asked.country.demand_points * TRAINED


def nearest_trained(asked: Asked) -> float:
    """Return the price of finding the trained actor that is nearest to a locality."""
    return asked.country.rows.get("actors", USUAL_ACTORS) * TRAINED_NEAR


def places_left_out(asked: Asked) -> float:
    """Return the price of a page of the places that a test left out."""
    return NESTED_PAGE + asked.country.localities * LEAF


def travel_times(asked: Asked) -> float:
    """Return the price of the travel times of all localities."""
    return PAGE + asked.country.localities * TIMED


def comparison(asked: Asked) -> float:
    """Return the price of a walk over every demand point for today and for each scenario.

    Each counts with the most changes that it may have: how many it has is known only with the answer.
    """
    scenarios = length_of("scenarioIds", MOST_COMPARED)(asked)
    return asked.country.demand_points * (COMPARED * (1 + scenarios) + CHANGED * scenarios * MOST_CHANGES)


def siting(asked: Asked) -> float:
    """Return the price of reading the data and solving: part of the time limit, since most finish long before it."""
    limit_ms = float(asked.given("timeLimitSeconds", 5)) * 1_000
    points = (asked.given("candidates") or {}).get("points")
    candidates = asked.country.localities if points is None else len(points)
    each = SOLVED + candidates * SITED_PAIR
    return limit_ms / WORKER_POINT_MS * SOLVER_SHARE + asked.country.demand_points * each


def access_scores(asked: Asked) -> float:
    """Return the price of measuring every demand point against the services of a category."""
    return SENT_APART + asked.country.demand_points * (SCORED + asked.country.services * SCORED_PAIR)


def hotspots(asked: Asked) -> float:
    """Return the price of testing the places of a level, by the neighbours drawn: in a band all places may be."""
    near = asked.given("neighbours") or {"nearest": USUAL_NEIGHBOURS}
    drawn = (near.get("nearest") or places(asked)) * float(asked.given("permutations", 9_999)) * TESTS
    return SENT_APART + places(asked) * TESTED + min(drawn, DRAWN_AT_MOST) * DRAWN


def trends(asked: Asked) -> float:
    """Return the price of the quarters of the places of a level."""
    return SENT_APART + places(asked) * quarters(asked) * FOLLOWED


def quarters(asked: Asked) -> float:
    """Return how many quarters a trend has."""
    return float(QUARTERS_AT_MOST if asked.given("fromPeriod") else min(asked.country.quarters, USUAL_QUARTERS))


def counts(asked: Asked) -> float:
    """Return the price of the published counts of a level."""
    return PAGE + places(asked) * COUNTED


def periods(asked: Asked) -> float:
    """Return how many periods may have been released: each quarter, and its year."""
    return asked.country.quarters * 1.25 + 1


def by_ids(asked: Asked) -> float:
    """Return the price of finding the records of ids among all that have one."""
    return BY_IDS + length_of("ids", 0)(asked) * BY_ID


def nearest(asked: Asked) -> float:
    """Return the price of a walk along the index to the nearest services, of each category its own."""
    if asked.given("openAt"):
        return nearest_open(asked)
    return (NEAREST + first(10)(asked) * NEAREST_EACH) * max(len(asked.given("categories", ())), 1)


def nearest_open(asked: Asked) -> float:
    """Return the price of a search for what is open."""
    return NEAREST + searched(asked, max(len(asked.given("categories", ())), 1))


def searched(asked: Asked, categories: int) -> float:
    """Return the price of looking at the services of some categories until enough fit."""
    of_each = min(asked.country.services, SEARCHED_AT_MOST) * categories
    return min(of_each, max(asked.country.rows.get("services", 0), asked.country.services)) * SEARCHED


def referral(asked: Asked) -> float:
    """Return the price of the candidates of each step of a pathway."""
    return AT_PLACE + asked.country.steps * STEP + searched(asked, asked.country.steps)


def outline(asked: Asked) -> float:
    """Return the price of an outline in a list of areas, each of which is in it once: one may be the largest."""
    return OUTLINE + max(shared_outline(asked) - OUTLINE, 0.0) / max(first(USUAL_PAGE)(asked), 1.0)


def shared_outline(asked: Asked) -> float:
    """Return the price of an outline to which every row may lead: that of the largest."""
    return min(max(asked.country.outline_positions * OUTLINE_POSITION, OUTLINE), OUTLINE_AT_MOST)


def part(asked: Asked) -> float | None:
    """Return which part of a table a box, or else an area, is taken to hold; ``None`` if neither is given."""
    if box := asked.given("bbox"):
        return asked.country.part(*(float(box[side]) for side in ("west", "south", "east", "north")))
    return OF_AN_AREA if asked.given("areaCode") else None


def page(asked: Asked) -> float:
    """Return the price of finding a page of a list; what lies in a box or an area is sorted first."""
    each = (part(asked) or 0.0) * SORTED_ROW
    if text := asked.given("text"):
        each += SEARCHED_ROW if len(text) >= INDEXED_LETTERS else SEARCHED_ROW_SHORT
    return PAGE + PAGE_OF_ONE * len(asked.given("categories", ())) + asked.rows * each


def place_names(asked: Asked) -> float:
    """Return the price of finding the places that a text may mean, among all their spellings."""
    return PAGE + asked.rows * SEARCHED_NAME


def total(asked: Asked) -> float:
    """Return the price of counting the matches of a list; a computed list is computed once more for that."""
    if asked.within_record:
        return NESTED_PAGE
    if asked.given("need"):
        return coverage(asked)
    if asked.given("period"):
        return counts(asked)
    within = part(asked)
    each = COUNTED_ROW_OF.get(asked.table or "", COUNTED_ROW) if within is None else within * COUNTED_MATCH
    return min(TOTAL + asked.rows * each, WORK_AT_MOST)


def locality_coverage(asked: Asked) -> float:
    """Return the price of a page of localities with their coverage: all are worked out for the page and its cursors."""
    return 2 * coverage(asked)


def features(asked: Asked) -> float:
    """Return the price of a layer as GeoJSON."""
    layer = asked.given("layer")
    each = OUTLINE if getattr(layer, "name", layer) in ("ADMIN_AREAS", "GROUND") else FEATURE
    return page(asked) + first(1_000)(asked) * each


def write_each(each: float, *path: str) -> Size:
    """Return the price of a write with a list in its input."""

    def price(asked: Asked) -> float:
        listed = reduce(lambda found, name: (found or {}).get(name), path, asked.given("input"))
        return WRITE + len(listed or ()) * each

    return price


def start_siting(asked: Asked) -> float:
    """Return the price of a job: jobs run one at a time at the lowest priority, and each holder may have few."""
    given = asked.given("input") or {}
    points = (given.get("candidates") or {}).get("points") or ()
    return WRITE + float(given.get("timeLimitSeconds", DEFAULT_JOB_TIME_S)) * JOB_SECOND + len(points) * GIVEN_POINT
