-- Whether what a proposal is about is in the directory. Proposals about what is hidden are deleted, and those about what is retired are
-- kept for stewards: nobody else may tell the two apart, by what he reads or by how many he may send.
CREATE FUNCTION lakana.is_there(subject uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM actor a WHERE a.id = subject) OR EXISTS (SELECT FROM service s WHERE s.id = subject)
    OR EXISTS (SELECT FROM shelter h WHERE h.id = subject)
$$;
REVOKE EXECUTE ON FUNCTION lakana.is_there FROM PUBLIC;

-- What became of the proposals of a partner, for that partner: what it sent and what it was answered, and nothing of who answered.
-- Questions run outside of a transaction that says who asks, and name the keeper instead.
CREATE FUNCTION lakana.proposals_of(whose text)
RETURNS TABLE (id uuid, name_key text, kind lakana.proposal_kind, subject_id uuid, changes jsonb, reason text,
               status lakana.proposal_status, proposed_by text, proposed_person text, proposed_at timestamptz, review_note text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = lakana, public, pg_temp AS $$
  SELECT p.id, p.name_key, p.kind, p.subject_id, p.changes, p.reason, p.status, p.proposed_by, p.proposed_person, p.proposed_at,
         p.review_note
  FROM proposal p WHERE p.by_partner AND coalesce(p.proposed_person, p.proposed_by) = whose AND is_there(p.subject_id)
$$;
REVOKE EXECUTE ON FUNCTION lakana.proposals_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.proposals_of TO lakana_partner;
