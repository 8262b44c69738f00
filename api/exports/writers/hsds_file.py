"""HSDS 3.0: a page of services as JSON, or a tabular package, a zip of CSV files with their ``datapackage.json``."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from api.exports import hsds
from api.exports.about import About
from api.exports.writers.csv_file import written
from api.exports.writers.writer import Sheet
from geo.vocabulary import in_language

MADE = (2000, 1, 1, 0, 0, 0)
"""The moment that an archive says its files are of: the same rows make the same bytes."""


class _Services:
    """The services that HSDS can tell, and how many it cannot."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._today = dt.datetime.now(dt.UTC).date().isoformat()
        self._words = {code: in_language(words, sheet.locale) for code, words in hsds.TERMS.items()}
        self.told = self.left_out = 0

    def of(self, rows: Sequence[Any]) -> Iterator[tuple[Any, hsds.Thing]]:
        """Yield rows, each with the service that it is."""
        for row in rows:
            service = hsds.service(row, self._today, self._words)
            if service is None:
                self.left_out += 1
            else:
                self.told += 1
                yield row, service

    def members(self, about: About) -> dict[str, Any]:
        """Return what the file says of itself, with what was left out."""
        members = about.members(self._sheet.locale)
        sentence = in_language(hsds.LEFT_OUT, self._sheet.locale).format(many=self.left_out)
        return {**members, "leftOut": self.left_out, "notes": [*members["notes"], sentence]}


class HsdsJsonFile:
    """Writes a page of services, each with its organisation, locations, phones, schedules and attributes."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._services = _Services(sheet)
        self._file = path.open("wb")
        self._file.write(b'{"contents":[')

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows."""
        for _, service in self._services.of(rows):
            self._file.write((b",\n" if self._services.told > 1 else b"\n") + orjson.dumps(service))

    def finish(self, about: About) -> None:
        """Write the members that a page of HSDS has, and what the file says of itself."""
        many = self._services.told
        page: dict[str, Any] = {"total_items": many, "total_pages": 1, "page_number": 1, "size": many}
        page |= {"first_page": True, "last_page": True, "empty": not many, "metadata": self._services.members(about)}
        self._file.write(b"\n]," + orjson.dumps(page)[1:] + b"\n")
        self._file.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class HsdsZipFile:
    """Writes a tabular package. Of organisations and terms that come again, their ids are remembered."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._path = path
        self._services = _Services(sheet)
        self._parts = {name: path.with_suffix(f".{name}") for name in hsds.FILES}
        self._files = {name: each.open("w", encoding="utf-8", newline="") for name, each in self._parts.items()}
        self._rows = {name: csv.DictWriter(each, hsds.FILES[name]) for name, each in self._files.items()}
        for each in self._rows.values():
            each.writeheader()
        self._seen: set[str] = set()
        self._once("taxonomies", hsds.TAXONOMY)

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows."""
        for row, service in self._services.of(rows):
            above = hsds.parent_of(row)
            if above is not None:
                self._once("organizations", above)
            self._once("organizations", service["organization"])
            self._put("services", service)
            for each in service["service_at_locations"]:
                self._put("locations", each["location"])
                self._put("service_at_location", each)
            for name in ("phones", "schedules", "languages", "service_areas"):
                for each in service[name]:
                    self._put(name, each)
            for each in service["attributes"]:
                self._once("taxonomy_terms", each["taxonomy_term"])
                self._put("attributes", each)

    def _once(self, name: str, thing: hsds.Thing) -> None:
        if thing["id"] not in self._seen:
            self._seen.add(thing["id"])
            self._put(name, thing)

    def _put(self, name: str, thing: hsds.Thing) -> None:
        self._rows[name].writerow({key: written(thing[key]) for key in hsds.FILES[name] if key in thing})

    def finish(self, about: About) -> None:
        """Write what the package says of itself, and pack it."""
        for each in self._files.values():
            each.close()
        members = self._services.members(about)
        package = {
            "name": "lakana-services",
            "profile": "tabular-data-package",
            "created": f"{about.day}T00:00:00Z",
            "description": " · ".join(members["notes"]),
            "licenses": [
                {"name": each["licence"], "title": each["name"]}
                for each in about.sources
                if each["licence"] is not None
            ],
            "sources": [hsds.known({"title": each["name"], "path": each["url"]}) for each in about.sources],
            "resources": [_resource(name) for name in hsds.FILES],
            "metadata": members,
        }
        with zipfile.ZipFile(self._path, "w") as archive:
            _add(archive, "datapackage.json", orjson.dumps(package, option=orjson.OPT_INDENT_2))
            for name, part in self._parts.items():
                _pack(archive, f"{name}.csv", part)
        self.close()

    def close(self) -> None:
        """Let go of the parts."""
        for each in self._files.values():
            each.close()
        for part in self._parts.values():
            part.unlink(missing_ok=True)


def _resource(name: str) -> dict[str, Any]:
    """Return what the package says of one of its files."""
    fields = [{"name": each, "type": hsds.TYPES.get(each, "string")} for each in hsds.FILES[name]]
    about = {"name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "encoding": "utf-8"}
    return {**about, "schema": {"primaryKey": "id", "fields": fields}}


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, MADE)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_info(name), content)


def _pack(archive: zipfile.ZipFile, name: str, part: Path) -> None:
    with part.open("rb") as file, archive.open(_info(name), "w") as packed:
        while content := file.read(262_144):
            packed.write(content)
