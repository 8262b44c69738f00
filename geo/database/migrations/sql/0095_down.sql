REVOKE EXECUTE ON FUNCTION lakana.distances_if(lakana.service_category, uuid[], geography[])
  FROM lakana_public, lakana_partner, lakana_custodian, lakana_steward;
ALTER FUNCTION lakana.distances_if(lakana.service_category, uuid[], geography[]) SECURITY INVOKER;
