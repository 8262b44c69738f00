"""Mappings that a person has saved: which column is which field, and how the file is read, for lists of one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from geo.database.tables import audit_import_mapping
from geo.texts import name as checked_name
from seeds.columns.cells import DateOrder
from seeds.columns.kind import CONFIDENTIAL, PUBLIC, Kind, plain
from seeds.columns.recognition import Recognition
from seeds.loading.options import Options
from seeds.readers.table import Corrections, Form
from seeds.troubles import CellTrouble, Refused

_SIMPLE = ("scheme", "edition", "by_name", "children_of_100", "nation")
_PRIVACY = {CONFIDENTIAL.name, PUBLIC.name}
EVERYBODY = ""
_WHOSE = text(
    "SELECT coalesce(nullif(current_setting('lakana.person', true), ''),"
    " nullif(current_setting('lakana.holder', true), ''), 'owner')"
)
_CORRECTED = ("sheet", "encoding", "delimiter", "decimal", "header_row")


@dataclass(frozen=True)
class SavedMapping:
    """A mapping that was saved.

    Parameters
    ----------
    name
        Its name, one of those of its keeper.
    said
        What was said and recognised: ``columns``, fields by column, ``explained``, those of which a person has said
        what they hold, and options by their names.

    """

    name: str
    said: Mapping[str, Any]

    @property
    def columns(self) -> Mapping[str, str]:
        """Fields by column; ``-`` leaves one out."""
        given: Mapping[str, str] = self.said["columns"]
        return given

    @property
    def explained(self) -> Sequence[str]:
        """The columns of which a person has said what they hold."""
        given: Sequence[str] = self.said.get("explained", ())
        return given

    def unasked(self) -> SavedMapping:
        """Return it without what it says of confidentiality: whoever did not name it has not decided that."""
        columns = {column: field for column, field in self.columns.items() if field not in _PRIVACY}
        return replace(self, said={**self.said, "columns": columns, "explained": [*{*self.explained} & {*columns}]})

    def under(self, options: Options) -> Options:
        """Return options with what the mapping says where a person has said nothing now."""
        corrections = Corrections(
            **{each: getattr(options.corrections, each) or self.said.get(each) for each in _CORRECTED}
        )
        dates = options.dates or (DateOrder(self.said["dates"]) if self.said.get("dates") else None)
        simple = {each: getattr(options, each) or self.said.get(each) or getattr(options, each) for each in _SIMPLE}
        return replace(options, corrections=corrections, dates=dates, **simple)


def named(connection: Connection, kind: Kind, name: str) -> SavedMapping:
    """Return the mapping of a name: of a sealed kind one's own, else anybody's.

    Raises
    ------
    Refused
        If the kind has none of that name.

    """
    saved = {row.name: row for row in connection.execute(_of_kind(connection, kind).order_by("name"))}
    if name not in saved:
        raise Refused(CellTrouble.NO_MAPPING, name=name, names=", ".join(saved) or "–")
    return _mapping(saved[name])


def fitting(connection: Connection, kind: Kind, form: Form) -> SavedMapping | None:
    """Return the mapping saved last for lists with exactly these columns, in whatever order, if there is one.

    Nobody has named it. So of a kind that is private unless a row says otherwise, it is without what it says of
    confidentiality. Of others it is whole, and so a column that a person left out stays left out.
    """
    of_form = _of_kind(connection, kind).where(audit_import_mapping.c.columns == _columns(form))
    row = connection.execute(of_form.order_by(audit_import_mapping.c.saved_at.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return _mapping(row).unasked() if kind.keeps_private else _mapping(row)


def save(connection: Connection, kind: Kind, name: str, form: Form, found: Recognition, options: Options) -> None:
    """Save what was recognised of a list under a name; one of that name before, and of the same keeper, is replaced."""
    taken = {form.columns[each.column].name: each.field.name for each in found.found}
    said: dict[str, Any] = {"columns": taken | dict.fromkeys(found.left_out, "-")}
    said |= {each: getattr(options, each) for each in _SIMPLE}
    said |= {each: getattr(options.corrections, each) for each in _CORRECTED}
    said["explained"] = [form.columns[each].name for each in sorted(found.said | found.explained)]
    said["dates"] = options.dates and options.dates.value
    values = {"kind": kind.name, "columns": _columns(form), "said": {key: each for key, each in said.items() if each}}
    saving = upsert(audit_import_mapping).values(
        keeper=_keeper(connection, kind), name=checked_name("mapping", name), **values
    )
    connection.execute(saving.on_conflict_do_update(index_elements=["keeper", "name"], set_=values))


def _of_kind(connection: Connection, kind: Kind) -> Select[Any]:
    """Return the mappings of a kind that the transaction may read by."""
    of_kind = (audit_import_mapping.c.keeper == _keeper(connection, kind), audit_import_mapping.c.kind == kind.name)
    return select(audit_import_mapping).where(*of_kind)


def _keeper(connection: Connection, kind: Kind) -> str:
    """Return whose a mapping of a kind is: everybody's, or of a sealed kind the person's that the transaction is for.

    The names of others' would tell that they have loaded such a list.
    """
    return str(connection.scalar(_WHOSE)) if kind.sealed else EVERYBODY


def _columns(form: Form) -> list[str]:
    return sorted(plain(each) for each in form.names())


def _mapping(row: Row[Any]) -> SavedMapping:
    return SavedMapping(row.name, row.said)
