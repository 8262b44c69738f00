"""What was imported, by whom, from which files; which row of a file each row came from, and what stood there before."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from geo.database.tables.common import AUDIT, LINE, NAME, id_column, metadata, name_key, ref

_IMPORT = f"{AUDIT}.import.id"

audit_import = Table(
    "import",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    # Lists are ordered by (name_key, id): here the newest first.
    Column(
        "name_key",
        Text(collation="C"),
        Computed(
            "lpad((9999999999999999 - (extract(epoch FROM (imported_at AT TIME ZONE 'UTC')) * 1000000)::bigint)::text,"
            " 16, '0')",
            persisted=True,
        ),
        nullable=False,
    ),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # As in the audit log.
    Column(
        "holder",
        Text,
        nullable=False,
        server_default=text("coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner')"),
    ),
    # NULL where an import that was undone had brought the source.
    ref("source_id", "source.id", nullable=True, ondelete="SET NULL"),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("rows_read", Integer, nullable=False),
    Column("rows_new", Integer, nullable=False),
    Column("rows_changed", Integer, nullable=False),
    Column("rows_unchanged", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("report", JSONB, nullable=False),
    Index("import_name_key_id_idx", "name_key", "id"),
    schema=AUDIT,
)

audit_import_file = Table(
    "import_file",
    metadata,
    Column("import_id", Uuid(as_uuid=False), ForeignKey(_IMPORT, ondelete="CASCADE"), nullable=False),
    # Tables of one file, such as its sheets, have a number each.
    Column("number", SmallInteger, nullable=False),
    Column("name", Text, nullable=False, info=LINE),
    Column("sheet", Text, info=LINE),
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("import_id", "number"),
    Index("import_file_sha256_idx", "sha256"),
    schema=AUDIT,
)

# Nobody but the owner reads it: rows that stand beside each other in a file would tell who runs what. Nothing
# confidential has a row here.
audit_import_row = Table(
    "import_row",
    metadata,
    Column("import_id", Uuid(as_uuid=False), ForeignKey(_IMPORT, ondelete="CASCADE"), nullable=False),
    Column("subject", Text, nullable=False),
    # The id of the row, or a digest of its key where it has none.
    Column("row_id", Uuid(as_uuid=False), nullable=False),
    Column("file_number", SmallInteger, nullable=False),
    Column("file_row", Integer, nullable=False),
    PrimaryKeyConstraint("row_id", "import_id"),
    schema=AUDIT,
)

# What an import changed, in the order of its statements, up to 1,000 rows each; triggers note it, undoing removes it.
audit_import_change = Table(
    "import_change",
    metadata,
    Column(
        "import_id",
        Uuid(as_uuid=False),
        ForeignKey(_IMPORT, ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("relation", Text, nullable=False),
    # INSERT, UPDATE or DELETE.
    Column("action", Text, nullable=False),
    Column("keys", JSONB, nullable=False),
    # Digests of these columns, as the statement left them.
    Column("compared", ARRAY(Text), nullable=False),
    Column("digests", ARRAY(BigInteger), nullable=False),
    # The rows before; NULL of rows that are new.
    Column("former", JSONB),
    PrimaryKeyConstraint("import_id", "number"),
    schema=AUDIT,
)

# How files write the names of areas otherwise, as a person has decided.
area_spelling = Table(
    "area_spelling",
    metadata,
    ref("area_id", "admin_area.id", ondelete="CASCADE"),
    Column("name", Text, nullable=False, info={"text": "name"}),
    name_key("name"),
    PrimaryKeyConstraint("area_id", "name"),
    schema=AUDIT,
)

# Which column of a list is which field, as a person has saved it; for lists that have exactly these columns.
audit_import_mapping = Table(
    "import_mapping",
    metadata,
    # Whose it is, of lists that are for few: a person, or a key of nobody's. Blank: everybody's.
    Column("keeper", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, info=NAME),
    Column("kind", Text, nullable=False),
    # Plain and sorted.
    Column("columns", ARRAY(Text), nullable=False),
    # Fields by column, and options by name.
    Column("said", JSONB, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column(
        "holder",
        Text,
        nullable=False,
        server_default=text("coalesce(nullif(current_setting('lakana.holder', true), ''), 'owner')"),
    ),
    PrimaryKeyConstraint("keeper", "name"),
    schema=AUDIT,
)

# Which record of ours is which of a list, and the version that the import left. Nobody but the owner reads it; of a
# record that is gone or hidden the line stays, so that a list does not bring it back.
audit_foreign_id = Table(
    "foreign_id",
    metadata,
    Column("subject", Text, nullable=False),
    Column("scheme", Text, nullable=False, info=LINE),
    Column("code", Text, nullable=False, info=LINE),
    Column("row_id", Uuid(as_uuid=False), nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("subject", "scheme", "code"),
    schema=AUDIT,
)
