-- How many places a service of the caller's own organisation has, as it is kept; what partners read of a confidential one is in
-- tens, and of the last midnight.
CREATE FUNCTION lakana.own_capacity(service uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = lakana, public, pg_temp AS $$
  SELECT coalesce(p.capacity, s.capacity) FROM service s LEFT JOIN exact.places p ON p.service_id = s.id
  WHERE s.id = own_capacity.service AND is_own(s.id)
$$;
REVOKE EXECUTE ON FUNCTION lakana.own_capacity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lakana.own_capacity TO lakana_partner;
