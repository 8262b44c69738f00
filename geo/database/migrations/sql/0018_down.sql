-- What 0018 replaced.

ALTER TABLE lakana.proposal DROP COLUMN by_partner;

CREATE OR REPLACE FUNCTION audit.follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, public, pg_temp AS $$
DECLARE
  former jsonb := CASE WHEN TG_OP <> 'INSERT' THEN told(to_jsonb(OLD)) END;
  later jsonb := CASE WHEN TG_OP <> 'DELETE' THEN told(to_jsonb(NEW)) END;
  sealed text[] := TG_ARGV[1:];
  subject_id text := coalesce(later, former)->>TG_ARGV[0];
  hidden boolean := TG_TABLE_SCHEMA IN ('exact', 'raw');
BEGIN
  IF former IS NOT DISTINCT FROM later AND NOT hidden THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_SCHEMA = 'exact' AND TG_OP = 'UPDATE' AND former->>'actor_id' IS NOT NULL AND later = former || '{"actor_id": null}' THEN
    RETURN NULL;  -- the actor has left the directory, and an entry beside that of its leaving would tell what it ran
  END IF;
  IF former->>TG_ARGV[0] <> subject_id THEN
    PERFORM append('DELETE', TG_TABLE_NAME, former->>TG_ARGV[0], NULL, NULL, former, NULL);
    PERFORM append('INSERT', TG_TABLE_NAME, subject_id, NULL, part(later, NULL, sealed, false),
                   NULL, part(later, NULL, sealed, true));
    RETURN NULL;
  END IF;
  PERFORM append(
    TG_OP, TG_TABLE_NAME, subject_id,
    part(former, later, sealed, false), part(later, former, sealed, false),
    part(former, CASE WHEN NOT hidden THEN later END, sealed, true),
    part(later, CASE WHEN NOT hidden THEN former END, sealed, true));
  RETURN NULL;
END $$;
