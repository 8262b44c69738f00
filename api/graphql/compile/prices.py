"""What a field costs, from its arguments and the size of the country, by the :mod:`~api.graphql.compile.tariff`."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import inf

from api.graphql.compile import tariff
from api.graphql.compile.asked import Asked
from geo.queries.base.levels import ADMIN_LEVELS, number_of
from geo.queries.base.nested_page import USUAL_PAGE
from geo.queries.planning.scenarios import MOST_COMPARED
from geo.queries.planning.siting import DEFAULT_JOB_TIME_S
from geo.vocabulary import STAGES, AreaLevel
from geo.writes.scenarios import MOST_CHANGES

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
write: Size = fixed(tariff.WRITE)
"""The price of a write."""
nested_page: Size = fixed(tariff.NESTED_PAGE)
"""The price of finding a page of a list inside a record."""


def capped(work: Size) -> Size:
    """Return a price with an upper bound."""
    return lambda asked: min(work(asked), tariff.WORK_AT_MOST)


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
    """Return the price of a walk over the blocks of demand points, or over all by road, for each category."""
    each = tariff.PAIR_BY_ROAD if by_road(asked) else tariff.PAIR
    places = tariff.PLACES if asked.given("byPlaces") else 0.0
    return asked.country.demand_points * (tariff.WALKED + each * categories(asked) + places)


def curve(asked: Asked) -> float:
    """Return the price of a curve: a walk, and each distance over its points."""
    distances = length_of("distancesMetres", 20)(asked)
    return coverage(asked) + asked.country.demand_points * distances * tariff.CURVE_STEP


def gaps(asked: Asked) -> float:
    """Return the price of ranking the localities out of reach."""
    return coverage(asked) + asked.country.localities * tariff.RANKED


def ranked(asked: Asked) -> float:
    """Return the price of counting a ranking that is made already."""
    return asked.country.localities * tariff.LEAF


def sourced(asked: Asked) -> float:
    """Return the price of finding the sources of an answer: those of the services and of the demand points."""
    services = max(asked.country.rows.get("services", 0), asked.country.services)
    return (services + asked.country.demand_points) * tariff.SOURCED


def dated(asked: Asked) -> float:
    """Return the price of telling of when the data of an answer are."""
    return tariff.DATED + tariff.DATED_EACH * categories(asked)


def training_sources(asked: Asked) -> float:
    """Return the price of finding the sources of an answer about trained actors, who are few: of the demand points."""
    return asked.country.demand_points * tariff.SOURCED


def gap_areas(asked: Asked) -> float:
    """Return the price of drawing the land between catchments: circles joined, and cut out of an outline."""
    return coverage(asked) + tariff.GAP_OUTLINE + asked.country.services * tariff.GAP_CIRCLE


def training(asked: Asked) -> float:
    """Return the price of a search for the nearest trained actor of every demand point."""
    return asked.country.demand_points * tariff.TRAINED


def nearest_trained(asked: Asked) -> float:
    """Return the price of finding the trained actor that is nearest to a locality."""
    return asked.country.rows.get("actors", tariff.USUAL_ACTORS) * tariff.TRAINED_NEAR


def places_left_out(asked: Asked) -> float:
    """Return the price of a page of the places that a test left out."""
    return tariff.NESTED_PAGE + asked.country.localities * tariff.LEAF


def travel_times(asked: Asked) -> float:
    """Return the price of the travel times of all localities."""
    return tariff.PAGE + asked.country.localities * tariff.TIMED


def comparison(asked: Asked) -> float:
    """Return the price of a walk over every demand point for today and for each scenario.

    Each counts with the most changes that it may have: how many it has is known only with the answer.
    """
    scenarios = length_of("scenarioIds", MOST_COMPARED)(asked)
    return asked.country.demand_points * (tariff.COMPARED * (1 + scenarios) + tariff.CHANGED * scenarios * MOST_CHANGES)


def sites_tried(asked: Asked) -> float:
    """Return the price of a walk over every demand point, for each site that is added and service that is closed."""
    changes = sum(length_of(name, 0)(asked) for name in ("sites", "closedIds"))
    return asked.country.demand_points * (tariff.COMPARED + tariff.CHANGED * changes)


def siting(asked: Asked) -> float:
    """Return the price of reading the data and solving: part of the time limit, since most finish long before it."""
    limit_ms = float(asked.given("timeLimitSeconds", 5)) * 1_000
    points = (asked.given("candidates") or {}).get("points")
    candidates = asked.country.localities if points is None else len(points)
    each = tariff.SOLVED + candidates * tariff.SITED_PAIR
    return limit_ms / tariff.WORKER_POINT_MS * tariff.SOLVER_SHARE + asked.country.demand_points * each


def access_scores(asked: Asked) -> float:
    """Return the price of measuring every demand point against the services of a category."""
    return tariff.SENT_APART + asked.country.demand_points * (
        tariff.SCORED + asked.country.services * tariff.SCORED_PAIR
    )


def hotspots(asked: Asked) -> float:
    """Return the price of testing the places of a level, by the neighbours drawn: in a band all places may be."""
    near = asked.given("neighbours") or {"nearest": tariff.USUAL_NEIGHBOURS}
    drawn = (near.get("nearest") or places(asked)) * float(asked.given("permutations", 9_999)) * tariff.TESTS
    return tariff.SENT_APART + places(asked) * tariff.TESTED + min(drawn, tariff.DRAWN_AT_MOST) * tariff.DRAWN


def trends(asked: Asked) -> float:
    """Return the price of counting the places of a level, and of the quarters of a page of them."""
    page = first(USUAL_PAGE)(asked) * quarters(asked) * tariff.FOLLOWED
    return tariff.SENT_APART + places(asked) * tariff.COUNTED_ROW + page


def quarters(asked: Asked) -> float:
    """Return how many quarters a trend has."""
    return float(
        tariff.QUARTERS_AT_MOST if asked.given("fromPeriod") else min(asked.country.quarters, tariff.USUAL_QUARTERS)
    )


def counts(asked: Asked) -> float:
    """Return the price of the published counts of a level."""
    return tariff.PAGE + places(asked) * tariff.COUNTED


def periods(asked: Asked) -> float:
    """Return how many periods may have been released: each quarter, and its year."""
    return asked.country.quarters * 1.25 + 1


def by_ids(asked: Asked) -> float:
    """Return the price of finding the records of ids among all that have one."""
    return tariff.BY_IDS + length_of("ids", 0)(asked) * tariff.BY_ID


def nearest(asked: Asked) -> float:
    """Return the price of a walk along the index to the nearest services, of each category its own."""
    if asked.given("openAt"):
        return nearest_open(asked)
    walk = tariff.NEAREST + first(10)(asked) * tariff.NEAREST_EACH
    return walk * max(len(asked.given("categories", ())), 1) + coming(asked)


def nearest_open(asked: Asked) -> float:
    """Return the price of a search for what is open: in one walk where no category is named, else in one for each."""
    named = asked.given("categories")
    return tariff.NEAREST + searched(asked, len(named) if named else None) + coming(asked, tariff.SEARCHED)


def searched(asked: Asked, categories: int | None) -> float:
    """Return the price of looking at services until enough fit: at most 1,000 in a walk of each category, or of all."""
    every = max(asked.country.rows.get("services", 0), asked.country.services)
    if categories is None:
        return min(every, tariff.SEARCHED_AT_MOST) * tariff.SEARCHED
    return min(min(asked.country.services, tariff.SEARCHED_AT_MOST) * categories, every) * tariff.SEARCHED


def at_place(asked: Asked) -> float:
    """Return the price of finding the areas that hold a place."""
    return tariff.AT_PLACE + asked.country.outline_positions * tariff.AT_PLACE_POSITION


def coming(asked: Asked, each: float = tariff.LEAF) -> float:
    """Return the price of finding the services that come to a place, and of each: nothing where none comes anywhere."""
    return at_place(asked) + asked.country.coming * each if asked.country.coming else 0.0


def competent(asked: Asked) -> float:
    """Return the price of finding who is competent at a place."""
    measured = max(asked.country.competent, asked.country.crowded)
    return at_place(asked) + tariff.COMPETENT + measured * tariff.COMPETENT_EACH


def referral(asked: Asked) -> float:
    """Return the price of the candidates of each step of a pathway, and of whom to report to.

    Each of its categories is searched once, of as many services as it has, up to 1,000.
    """
    pathways = (sum(min(many, tariff.SEARCHED_AT_MOST) for many in each) for each in asked.country.sought)
    search = max(pathways, default=0) * tariff.SEARCHED
    return at_place(asked) + coming(asked, tariff.SEARCHED) + asked.country.steps * tariff.STEP + search


def outline(asked: Asked) -> float:
    """Return the price of an outline: in a page of areas, each of which is in it once, only one may be the largest."""
    page = first(USUAL_PAGE)(asked) if asked.takes("first") else 1.0
    return tariff.OUTLINE + max(shared_outline(asked) - tariff.OUTLINE, 0.0) / max(page, 1.0)


def shared_outline(asked: Asked) -> float:
    """Return the price of an outline to which every row may lead: that of the largest."""
    return min(max(asked.country.outline_positions * tariff.OUTLINE_POSITION, tariff.OUTLINE), tariff.OUTLINE_AT_MOST)


def part(asked: Asked) -> float | None:
    """Return which part of a table a box, or else an area, is taken to hold; ``None`` if neither is given."""
    if box := asked.given("bbox"):
        return asked.country.part(*(float(box[side]) for side in ("west", "south", "east", "north")))
    return tariff.OF_AN_AREA if asked.given("areaCode") else None


def page(asked: Asked) -> float:
    """Return the price of finding a page of a list; what lies in a box or an area is sorted first."""
    each = (part(asked) or 0.0) * tariff.SORTED_ROW
    if text := asked.given("text"):
        each += tariff.SEARCHED_ROW if len(text) >= tariff.INDEXED_LETTERS else tariff.SEARCHED_ROW_SHORT
    return tariff.PAGE + tariff.PAGE_OF_ONE * len(asked.given("categories", ())) + asked.rows * each


def place_names(asked: Asked) -> float:
    """Return the price of finding the places that a text may mean, among all their spellings, by its letters."""
    text = asked.given("search", "")[: tariff.SEARCHED_LETTERS]
    threes = len({text[at : at + 3] for at in range(max(len(text) - 2, 1))})
    alike = min(asked.country.rows.get(asked.table or "", 0) * tariff.LIKENED_PART, tariff.LIKENED_AT_MOST)
    each = tariff.SEARCHED_NAME + len(text) * tariff.SEARCHED_LETTER
    return tariff.PAGE + asked.rows * each + alike / threes * tariff.LIKENED


def total(asked: Asked) -> float:
    """Return the price of counting the matches of a list; a computed list is computed once more for that."""
    if asked.within_record:
        return tariff.NESTED_PAGE
    if asked.given("need"):
        return coverage(asked)
    if asked.given("period"):
        return counts(asked)
    if (alike := tariff.TOTAL_OF.get(asked.table or "")) is not None:
        return alike
    within = part(asked)
    each = tariff.COUNTED_ROW if within is None else within * tariff.COUNTED_MATCH
    return min(tariff.TOTAL + asked.rows * each, tariff.WORK_AT_MOST)


def locality_coverage(asked: Asked) -> float:
    """Return the price of a page of localities with their coverage; by road all are worked out for it."""
    if by_road(asked):
        return 2 * coverage(asked)
    return tariff.PAGE + first(USUAL_PAGE)(asked) * categories(asked) * tariff.MEASURED_ROW


def layer_features(asked: Asked) -> float:
    """Return how many features a layer has; of areas no more than there are."""
    asked_for = first(1_000)(asked)
    if _layer(asked) != "ADMIN_AREAS":
        return asked_for
    return min(asked_for, asked.country.rows.get("admin_areas") or sum(asked.country.areas))


def features(asked: Asked) -> float:
    """Return the price of a layer as GeoJSON."""
    each = tariff.OUTLINE if _layer(asked) in {"ADMIN_AREAS", "GROUND"} else tariff.FEATURE
    return page(asked) + layer_features(asked) * each


def _layer(asked: Asked) -> str:
    layer = asked.given("layer")
    return str(getattr(layer, "name", layer))


def write_each(each: float, *path: str) -> Size:
    """Return the price of a write with a list in its input."""

    def price(asked: Asked) -> float:
        listed = reduce(lambda found, name: (found or {}).get(name), path, asked.given("input"))
        return tariff.WRITE + len(listed or ()) * each

    return price


def start_siting(asked: Asked) -> float:
    """Return the price of a job: jobs run one at a time at the lowest priority, and each holder may have few."""
    given = asked.given("input") or {}
    points = (given.get("candidates") or {}).get("points") or ()
    return (
        tariff.WRITE
        + float(given.get("timeLimitSeconds", DEFAULT_JOB_TIME_S)) * tariff.JOB_SECOND
        + len(points) * tariff.GIVEN_POINT
    )
