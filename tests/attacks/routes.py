"""Every HTTP route of the application, with every parameter that it turns out to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import orjson
from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.routing import Route

from api.identity.sessions import form_token
from api.ogc.collections import collections
from geo.vocabulary import IncidentType, Locale, Season, ServiceCategory, TravelMode
from tests.attacks.client import Client, Request
from tests.attacks.size import SIZE

PARAMETERS: dict[str, Sequence[str]] = {
    "lang": [each.name.lower() for each in Locale] + ["xx"],
    "language": ["en", "xx"],
    "categories": ["SAFE_SHELTER", *(each.name for each in ServiceCategory), "SAFE_SHELTER,MEDICAL", "NONE"],
    "category": ["SAFE_SHELTER", *(each.name for each in ServiceCategory), "NONE"],
    "area": ["COD-AB:MLI", "ML03", "XX:NONE", ""],
    "period": ["2025", "2025-Q4", "1999", "x"],
    "level": ["LOCALITY", "ADM1", "ADM2", "ADM9"],
    "sector": ["CHILD_PROTECTION", "x"],
    "actors": ["GENDARMERIE", "x"],
    "incident": ["TRAFFICKING", "x"],
    "place": ["Kadiolo", "Sikasso", "zzqq"],
    "sites": ["3", "1", "x"],
    "scenario": ["00000000-0000-4000-8000-000000000000", "x"],
    "need": ["SAFE_SHELTER", "stage.SUPPORT", "pathway.SEXUAL_ABUSE", "NONE"],
    "within": ["30", "0.5", "1000", "x"],
    "by": ["KM", *(each.name for each in TravelMode), "BOAT"],
    "season": [*(each.name for each in Season), "SNOW"],
    "edition": ["COD-AB@2018:ML", "none"],
    "beside": ["need=MEDICAL&within=5&by=KM", "need=NONE"],
    "for": ["Kadiolo", ""],
    "metres": ["30000", "1000", "200000", "0", "x"],
    "f": ["json", "html", "xml"],
    "bbox": ["-12.3,10,4.3,25.1", "-7.2,11.7,-7.1,11.8", "4,1,2,3", "x"],
    "limit": ["10", "1000", "0"],
    "datetime": ["2025-01-01T00:00:00Z/..", "2025-01-01", "x"],
    "cursor": ["0", "x"],
    "query": ["{ sources { name } }", "{"],
    "variables": ["{}", "["],
    "operationName": ["", "A"],
    "extensions": ["{}"],
}
"""Values for each parameter of a query string; the first of each is valid."""
PARTS: dict[str, Sequence[str]] = {
    "{file}": ["organizations.csv"],
    "{area}": ["COD-AB:ML03"],
    "{id}": ["00000000-0000-4000-8000-000000000000"],
    "{report}": ["report.fr.csv"],
    "{layer}": ["ground,adm0,adm1,localities,zones,services"],
    "{z}/{x}/{y}": ["5/15/14", "5/15/15", "0/0/0", "9/244/237", "12/1956/1903"],
    "{collection}": list(collections()),
    "{feature}": ["00000000-0000-4000-8000-000000000000"],
}
"""Values for the parts of paths: tiles of the country, its parts and its capital, and every collection. Features that are
there are found by asking; the parts of all exports are in :mod:`tests.attacks.exports`."""
PLANTED = "A" * 43
"""The secret of a cookie; a page that finds none makes one, which is another each time."""
HEADERS = {"x-request-id": "attack", "cookie": f"__Host-lakana-form={PLANTED}"}
FORM = {**HEADERS, "content-type": "application/x-www-form-urlencoded"}
TRIED = '{"changes": [{"name": "Site", %s}], "count": 1}'
FORMS = {
    "/nearest.txt": [
        urlencode({"place": "12.64 -8", "need": "SAFE_SHELTER"}),
        urlencode({"place": "Kita", "need": "x"}),
    ],
    "/nearest/wrong-number": [
        urlencode({"wrong": f"{one} 116", "at": "12.64 -8", "incident": "NEGLECT"})
        for one in ("00000000-0000-4000-8000-000000000000", "x")
    ],
    "/nearest": [
        urlencode({"lat": lat, "lon": lon, "incident": incident.name, "age": "14", "sex": "GIRL"})
        for lat, lon in ((12.64, -8.0), (12.387, -5.465), (16.27, -0.04))
        for incident in IncidentType
    ]
    + [urlencode({"map.x": x, "map.y": "150", "incident": "OTHER"}) for x in ("140", "0", "x")],
    "/nearest/places": ["place=Koutiala", "place=Kayes"],
    "/desk/try": [TRIED % f'"lon": {lon}, "lat": {lat}' for lat, lon in ((12.64, -8.0), (10.55, -5.76667))],
    "/desk/best": [TRIED % '"lon": -8.0, "lat": 12.64'],
    "/desk/save": [TRIED % '"lon": -8.0, "lat": 12.64'],
    "/signin": [urlencode({"csrf": form_token(PLANTED), "code": PLANTED}), "code=x"],
    "/signout": ["csrf=x"],
}
"""What is sent to pages that take a form."""
ACCEPTED = ("*/*", "text/html", "application/graphql-response+json")


class UntaughtRouteError(Exception):
    """A route or parameter that the attacks have no values for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The attacks cannot ask {what}: teach tests/attacks/routes.py, in PARAMETERS or paths().")


def paths(app: Starlette) -> Iterator[tuple[str, str]]:
    """Return the method and path of every route."""
    for route in app.routes:
        match route:
            case Route():
                parts = {part: values for part, values in PARTS.items() if part in route.path}
                for values in product(*parts.values()):
                    path = route.path
                    for part, value in zip(parts, values, strict=True):
                        path = path.replace(part, value)
                    if "{" in path:
                        raise UntaughtRouteError(f"the parts of the path {route.path}")
                    for method in sorted(route.methods or ()):
                        yield method, path
            case _:
                raise UntaughtRouteError(f"what lies below {route}")


class _Recorded(QueryParams):
    """A query string that keeps the names that it was asked for."""

    asked: set[str]

    def get(self, key: Any, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def getlist(self, key: Any) -> list[Any]:
        self.asked.add(key)
        return super().getlist(key)

    def __contains__(self, key: Any) -> bool:
        self.asked.add(key)
        return super().__contains__(key)

    def __getitem__(self, key: Any) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


def parameters(client: Client, method: str, path: str) -> set[str]:
    """Ask a path and give the parameters of the query string that it looked for."""
    asked: set[str] = set()
    with (
        patch.object(_Recorded, "asked", asked, create=True),
        patch("starlette.requests.QueryParams", _Recorded),
    ):
        client.send(Request(method, path))
    return asked


def route_requests(client: Client) -> Iterator[Request]:
    """Return the requests of every route: plain, in each media type, and with each parameter; the figures come last."""
    found = sorted(paths(client.app), key=lambda each: each[1] == "/metrics")
    for method, path in found:
        for accept in ACCEPTED if SIZE.chunks or path == "/graphql" else ACCEPTED[:1]:
            yield Request(method, path, {**HEADERS, "accept": accept})
        for form in FORMS.get(path, ()) if method == "POST" else ():
            yield Request(method, path, FORM, form.encode())
        for name in sorted(parameters(client, method, path)):
            if name not in PARAMETERS:
                raise UntaughtRouteError(f"the parameter {name} of {path}")
            for value in PARAMETERS[name] if SIZE.chunks else PARAMETERS[name][1:2]:
                yield Request(method, f"{path}?{urlencode({name: value})}", HEADERS)
        if method == "GET" and path.endswith("/items"):
            first, *_ = orjson.loads(client.send(Request(method, path)).content)["features"]
            yield Request(method, f"{path}/{first['id']}")
    yield Request("GET", "/nowhere")


VOLATILE = re.compile(
    # How long requests took and when the counting began depend on the clock, not on the world; statements, queues and
    # caches are the process's, which the worlds share here.
    rb"^lakana_http_request_seconds(_bucket|_sum|_created)\{?.*$|^lakana_\w+_created.*$"
    rb"|^lakana_(database_(seconds|statements)_total|queue_waiting|cache_\w+)\{.*$",
    re.MULTILINE,
)


def figures(body: bytes) -> bytes:
    """Return the figures of ``/metrics`` without those that a clock makes."""
    return VOLATILE.sub(b"", body)
