"""What each login may do in the database, from the catalogue; ``privileges.txt`` says what it should be."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from sqlalchemy import Connection

from geo.audience import LOGINS

GOLDEN = Path(__file__).with_name("privileges.txt")

# We leave out the objects of extensions, which PostGIS and the like define, and those of PostgreSQL itself.
PRIVILEGES = """
WITH login AS (SELECT unnest(%(logins)s::text[]) AS name), ours AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
), extensions AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relation AS (
  SELECT c.oid, c.relkind, format('%%s.%%s', n.nspname, c.relname) AS name
  FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND c.oid NOT IN (SELECT objid FROM extensions)
), relation_right AS (
  SELECT r.oid, r.name, r.relkind, kind, l.name AS login
  FROM relation r, login l, unnest(CASE r.relkind WHEN 'S' THEN ARRAY['USAGE', 'SELECT', 'UPDATE']
    ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] END) AS kind
  WHERE CASE r.relkind WHEN 'S' THEN has_sequence_privilege(l.name, r.oid, kind)
    ELSE has_table_privilege(l.name, r.oid, kind) END
)
SELECT format('%%s %%s', name, kind), login FROM relation_right
UNION ALL
SELECT format('%%s.%%s %%s', r.name, a.attname, one.kind), l.name
FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped, login l,
  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS one(kind)
WHERE r.relkind <> 'S' AND has_column_privilege(l.name, r.oid, a.attnum, one.kind)
  AND NOT EXISTS (SELECT FROM relation_right t WHERE (t.oid, t.kind, t.login) = (r.oid, one.kind, l.name))
UNION ALL
SELECT format('%%s.%%s(%%s) EXECUTE', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), l.name
FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace, login l
WHERE p.oid NOT IN (SELECT objid FROM extensions) AND has_function_privilege(l.name, p.oid, 'EXECUTE')
UNION ALL
SELECT format('%%s %%s', n.nspname, kind), l.name
FROM ours n, login l, unnest(ARRAY['USAGE', 'CREATE']) AS kind
WHERE n.nspname NOT LIKE 'pg\\_%%' AND has_schema_privilege(l.name, n.oid, kind)
UNION ALL
SELECT format('database %%s', kind), l.name
FROM login l, unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) AS kind
WHERE has_database_privilege(l.name, current_database(), kind)
"""


def privileges(connection: Connection) -> set[str]:
    """Return one line for each right: what it is, and the logins that have it."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for right, login in connection.exec_driver_sql(PRIVILEGES, {"logins": [str(each) for each in LOGINS]}):
        holders[right].append(login.removeprefix("lakana_"))
    order = [each.removeprefix("lakana_") for each in LOGINS]
    return {f"{right}: {' '.join(sorted(names, key=order.index))}" for right, names in holders.items()}


def golden() -> set[str]:
    """Read the rights that there should be."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}
