-- What is known of a nation. Bind: nation.
SELECT a.code, (SELECT d.region FROM lakana.dialling d WHERE d.nation_id = a.id) AS region,
       ARRAY(SELECT l.language FROM lakana.nation_language l WHERE l.nation_id = a.id ORDER BY l.position) AS languages,
       ARRAY(SELECT k.kind::text FROM lakana.appointed_kind k WHERE k.nation_id = a.id) AS appointed,
       EXISTS (  -- of two nations that hold each other, which are one country, one leads to the other
         SELECT FROM lakana.zone z JOIN lakana.area_within w ON (w.area_id, w.ancestor_id) IN ((z.country_id, a.id), (a.id, z.country_id))) AS has_zones
FROM lakana.admin_area a WHERE a.id = CAST(:nation AS uuid)
