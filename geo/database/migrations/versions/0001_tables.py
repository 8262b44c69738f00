"""The tables with their triggers, roles and grants.

Revision ID: 0001
Revises: -
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTS = ("functions", "tables", "areas", "disclosure", "access", "nearest", "roles")


def upgrade() -> None:
    """Make everything; each part of the SQL says what it is for."""
    for schema in ("exact", "raw"):
        op.execute(f"CREATE SCHEMA {schema}")
    run(*(f"0001_{part}" for part in PARTS))


def downgrade() -> None:
    """Drop everything but the roles, which belong to the whole cluster, and the version table's schema."""
    for schema in ("exact", "raw"):
        op.execute(f"DROP SCHEMA {schema} CASCADE")
    op.execute(
        """
        DO $$
        DECLARE
          one record;
        BEGIN
          FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'lakana' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('DROP TABLE lakana.%I CASCADE', one.tablename);
          END LOOP;
          FOR one IN SELECT oid::regprocedure AS signature FROM pg_proc WHERE pronamespace = 'lakana'::regnamespace LOOP
            EXECUTE format('DROP FUNCTION %s CASCADE', one.signature);
          END LOOP;
          FOR one IN SELECT typname FROM pg_type WHERE typnamespace = 'lakana'::regnamespace AND typtype = 'e' LOOP
            EXECUTE format('DROP TYPE lakana.%I', one.typname);
          END LOOP;
        END $$
        """
    )
    op.execute(
        "REVOKE USAGE ON SCHEMA lakana "
        "FROM lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward"
    )
