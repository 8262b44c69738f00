-- The leaves of each release as they were counted in it, so that what comes later never changes what was released.

ALTER TABLE lakana.release ADD COLUMN localities TEXT DEFAULT 'by-type' NOT NULL
  CONSTRAINT release_localities_check CHECK (localities IN ('by-type', 'all-types', 'years'));

CREATE INDEX published_count_period_idx ON lakana.published_count (period, release_number)
  WHERE level = 'NATION' AND incident_type IS NULL;

CREATE TABLE raw.released_count (
  release_number INTEGER NOT NULL,
  locality_id UUID NOT NULL,
  incident_type lakana.incident_type NOT NULL,
  count INTEGER NOT NULL CONSTRAINT released_count_count_check CHECK (count >= 0),
  CONSTRAINT released_count_pkey PRIMARY KEY (release_number, locality_id, incident_type),
  CONSTRAINT released_count_release_number_fkey FOREIGN KEY(release_number) REFERENCES lakana.release (number) ON DELETE CASCADE,
  CONSTRAINT released_count_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id)
);

CREATE TABLE raw.released_area (
  release_number INTEGER NOT NULL,
  locality_id UUID NOT NULL,
  area_id UUID NOT NULL,
  CONSTRAINT released_area_pkey PRIMARY KEY (release_number, locality_id, area_id),
  CONSTRAINT released_area_release_number_fkey FOREIGN KEY(release_number) REFERENCES lakana.release (number) ON DELETE CASCADE,
  CONSTRAINT released_area_locality_id_fkey FOREIGN KEY(locality_id) REFERENCES lakana.locality (id),
  CONSTRAINT released_area_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id)
);

-- Quarters that were released before leaves were kept: as they are now, which is all that is known of them.
INSERT INTO raw.released_count
SELECT p.release_number, p.locality_id, p.incident_type, coalesce(r.count, (r.censored_below + 1) / 2, 0)
FROM lakana.published_count p
LEFT JOIN raw.incident_count r ON (r.locality_id, r.quarter, r.incident_type) = (p.locality_id, p.period, p.incident_type)
WHERE p.current AND p.level = 'LOCALITY' AND length(p.period) > 4 AND p.incident_type IS NOT NULL;

INSERT INTO raw.released_area
SELECT DISTINCT c.release_number, c.locality_id, a.area_id
FROM raw.released_count c
JOIN lakana.locality l ON l.id = c.locality_id
JOIN lakana.area_within w ON w.area_id = l.area_id
JOIN lakana.published_count a ON (a.release_number, a.area_id) = (c.release_number, w.ancestor_id);
