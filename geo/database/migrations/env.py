"""How Alembic reaches the database: over the connection that ``geo.database.owner.upgrade`` hands it."""

from __future__ import annotations

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers

from geo.database.tables import SCHEMA, metadata

OURS = {table.schema for table in metadata.tables.values()}


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    if kind == "schema":
        return name in OURS
    # Do not compare PostGIS's own tables.
    return name != "spatial_ref_sys"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    include_name=_ours,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    compare_type=True,
    compare_server_default=True,
    version_table="alembic_version",
    version_table_schema=SCHEMA,
)
with context.begin_transaction():
    context.run_migrations()
