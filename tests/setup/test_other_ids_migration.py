"""A database of before: organisations that lists brought and the directory does not list get ids that follow from no name."""

from __future__ import annotations

import pytest
from alembic import command

from geo.database import owner

pytestmark = pytest.mark.database

BEFORE = "0125"
MADE = """
INSERT INTO lakana.organization (id, name, kind, source_id)
SELECT md5('organization ' || lakana.fold(name))::uuid, name, 'NGO', (SELECT id FROM lakana.source ORDER BY id LIMIT 1)
FROM (VALUES ('Zanbugu Un'), ('Zanbugu Deux')) AS v (name);
INSERT INTO identity.key (prefix, digest, name, audience, organization_id, expires_at)
SELECT 'kept', '', 'k', 'PARTNER', id, now() FROM lakana.organization WHERE name = 'Zanbugu Un';
INSERT INTO exact.unlisted_actor (id, record, trainings)
SELECT gen_random_uuid(), to_jsonb(a) || jsonb_build_object('organization_id', o.id, 'name', 'Zanbugu Un, bureau'), '[]'
FROM lakana.organization o, (SELECT * FROM lakana.actor ORDER BY id LIMIT 1) AS a WHERE o.name = 'Zanbugu Un';
"""
GUESSED = (
    "SELECT count(*) FROM lakana.organization WHERE id = md5('organization ' || name_key)::uuid AND name ~ '^Zanbugu'"
)
HELD = (
    "SELECT o.name, k.prefix, u.record->>'name' FROM lakana.organization o JOIN identity.key k ON k.organization_id = o.id "
    "JOIN exact.unlisted_actor u ON u.record->>'organization_id' = o.id::text WHERE k.prefix = 'kept'"
)
OTHERS = "SELECT id::text FROM lakana.organization WHERE name !~ '^Zanbugu' ORDER BY id"


def test_they_get_other_ids_and_keep_their_logins(copy_seeded):
    url = copy_seeded()
    config = owner._alembic_config()
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        ask(MADE)
        others = ask(OTHERS).scalars().all()
        assert (ask(GUESSED).scalar(), len(ask(HELD).all())) == (2, 1)
    with owner.owner_transaction(url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with owner.owner_transaction(url) as connection:
        ask = connection.exec_driver_sql
        assert ask(GUESSED).scalar() == 0
        assert ask(HELD).all() == [("Zanbugu Un", "kept", "Zanbugu Un, bureau")]
        assert ask(OTHERS).scalars().all() == others
        [entry] = ask("SELECT after FROM audit.entry WHERE action = 'UNLINK' AND subject = 'organization'").scalars()
        assert entry == {"revision": "0126", "rows": 2}
        kept = "SELECT bool_or(condeferrable) FROM pg_constraint WHERE confrelid = 'lakana.organization'::regclass"
        assert ask(kept).scalar() is False
