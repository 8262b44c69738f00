"""What the tests of coverage ask."""

from __future__ import annotations

SUMS = "{ populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent }"
OF = f"""query ($need: NeedInput!, $within: ReachInput!, $area: AreaCode, $level: AreaLevel) {{
  coverage(need: $need, within: $within, areaCode: $area, level: $level) {{
    total {{ area {{ code }} populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent }}
    areas {{ area {{ scheme code }} populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent }}
    inLocalities {SUMS} elsewhere {SUMS} available availableUsed basis reachMetres estimate {{ mode season }}
    assumptions en: assumptions(language: "en") dataAsOf {{ services population incidents loadedOn }} sources {{ name }} }} }}"""
CURVE = """query ($need: NeedInput!, $area: AreaCode, $metres: [Float!]) {
  coverageCurve(need: $need, areaCode: $area, distancesMetres: $metres) {
    populationUnder18 basis points { distanceMetres coveredUnder18 uncoveredUnder18 coveredPercent } } }"""
PAGE = """query ($need: NeedInput!, $within: ReachInput!, $area: AreaCode, $first: Int, $after: String) {
  localityCoverage(need: $need, within: $within, areaCode: $area, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } basis reachMetres estimate { mode season } dataAsOf { services population incidents loadedOn } sources { name }
    assumptions
    edges { node { locality { id name } covered nearestDistanceMetres populationUnder18 } } } }"""


def under(name, page):
    """Return a page of a connection with its nodes as a plain list under a name, and its page info beside it."""
    page = dict(page)
    return page | page.pop("pageInfo") | {name: [edge["node"] for edge in page.pop("edges")]}


COUNTED = ("populationUnder18", "coveredUnder18", "uncoveredUnder18")


def covered(rows):
    return {each["area"]["code"]: (each["coveredUnder18"], each["populationUnder18"]) for each in rows}
