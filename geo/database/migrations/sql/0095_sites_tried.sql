-- Distances if sites were added and services closed are told to everybody. They follow from what is public: the services
-- that have a place, which a confidential one has not, and where children live. The table of services itself is not for
-- the public's login, so the function reads it as its owner.
ALTER FUNCTION lakana.distances_if(lakana.service_category, uuid[], geography[]) SECURITY DEFINER;
GRANT EXECUTE ON FUNCTION lakana.distances_if(lakana.service_category, uuid[], geography[])
  TO lakana_public, lakana_partner, lakana_custodian, lakana_steward;
