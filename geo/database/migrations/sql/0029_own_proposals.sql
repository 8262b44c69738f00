-- What became of the proposals of a partner, for that partner: what it sent and what it was answered, and nothing of who answered.
-- Proposals about what is hidden are deleted; those about what is retired are not told either, so that nobody can tell the two apart.
-- Questions run outside of a transaction that says who asks, and name the keeper instead.
CREATE FUNCTION lakana.proposals_of(whose text)
RETURNS TABLE (id uuid, name_key text, kind lakana.proposal_kind, subject_id uuid, changes jsonb, reason text,
               status lakana.proposal_status, proposed_by text, proposed_person text, proposed_at timestamptz, review_note text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = lakana, public, pg_temp AS $$
  SELECT p.id, p.name_key, p.kind, p.subject_id, p.changes, p.reason, p.status, p.proposed_by, p.proposed_person, p.proposed_at,
         p.review_note
  FROM proposal p WHERE p.by_partner AND coalesce(p.proposed_person, p.proposed_by) = whose AND (
    EXISTS (SELECT FROM actor a WHERE a.id = p.subject_id) OR EXISTS (SELECT FROM service s WHERE s.id = p.subject_id)
    OR EXISTS (SELECT FROM shelter h WHERE h.id = p.subject_id))
$$;
REVOKE EXECUTE ON FUNCTION lakana.proposals_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.proposals_of TO lakana_partner;
