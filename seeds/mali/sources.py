"""Where the rows come from; ``SOURCES.md`` tells the whole story."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from geo.database.loading import insert_rows
from geo.database.tables import source
from seeds.mali.reading import stable_id

_SOURCES: dict[str, dict[str, Any]] = {
    "natural-earth": {
        "name": "Natural Earth 1:10m, 1:50m",
        "licence": "Public domain",
        "url": "https://www.naturalearthdata.com",
    },
    "cod-ab-2018": {
        "name": "DNCT, DNP, OCHA: COD-AB Mali 2018",
        "licence": "CC BY 4.0",
        "url": "https://www.geoboundaries.org",
    },
    "cod-ps": {
        "name": "INSTAT, RGPH5 2022; INSTAT, DNP, OCHA: COD-PS Mali",
        "licence": "CC BY-IGO",
        "url": "https://data.humdata.org/dataset/cod-ps-mli",
    },
    "cod-ab": {
        "name": "OCHA COD-AB Mali v03",
        "licence": "MIT (hdx-python-country)",
        "url": "https://data.humdata.org/dataset/cod-ab-mli",
    },
    "geonames": {"name": "GeoNames", "licence": "CC BY 4.0", "url": "https://www.geonames.org"},
    "instat": {"name": "INSTAT, RGPH 1998–2022", "licence": None, "url": "https://www.instat-mali.org"},
    "glo-act": {
        "name": "UNODC, GLO.ACT (2015–2019)",
        "licence": None,
        "url": "https://www.unodc.org/unodc/en/human-trafficking/glo-act/index.html",
    },
    "illustrative": {"name": "Lakana, données d’illustration", "licence": "Apache-2.0", "url": None},
}


def source_id(key: str) -> str:
    """Return the id of a source."""
    return stable_id("source", key)


def illustrative_key(seed: int) -> str:
    """Return the key of the illustrative source, which remembers the number that its rows were drawn by."""
    return f"illustrative seed {seed}"


def load(connection: Connection, seed: int) -> None:
    """Insert every source."""
    rows = []
    for key, words in _SOURCES.items():
        illustrative = key == "illustrative"
        own_key = illustrative_key(seed) if illustrative else key
        rows.append({"id": source_id(key), "key": own_key, "illustrative": illustrative, **words})
    insert_rows(connection, source, rows)
