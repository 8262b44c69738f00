-- Counts are rounded by the key of a set of leaves, in one edition of areas, and their localities are told more coarsely.

-- What was released before is out, stays as it is, and is marked: its u(parent) is the sum of its u(children).
ALTER TABLE lakana.release ADD COLUMN rounding TEXT DEFAULT 'sum-of-keys' NOT NULL
  CONSTRAINT release_rounding_check CHECK (rounding IN ('sum-of-keys', 'key-of-set'));
ALTER TABLE lakana.release ALTER COLUMN rounding SET DEFAULT 'key-of-set';

ALTER TABLE lakana.release DROP CONSTRAINT release_localities_check;
ALTER TABLE lakana.release ADD CONSTRAINT release_localities_check
  CHECK (localities IN ('by-type', 'types-by-year', 'all-types', 'years', 'years-all-types'));
ALTER TABLE lakana.release ALTER COLUMN localities SET DEFAULT 'types-by-year';

-- The areas that counts are told of, fixed by the first release: overlapping partitions are differences.
CREATE TABLE raw.released_edition (
  area_id UUID NOT NULL,
  CONSTRAINT released_edition_pkey PRIMARY KEY (area_id),
  CONSTRAINT released_edition_area_id_fkey FOREIGN KEY(area_id) REFERENCES lakana.admin_area (id)
);

INSERT INTO raw.released_edition
SELECT a.id
FROM lakana.admin_area a
CROSS JOIN (SELECT min(number) AS number, min(released_at)::date AS day FROM lakana.release) first
WHERE first.number IS NOT NULL AND a.level <= 2 AND (
  daterange(a.valid_from, a.valid_to) @> first.day
    AND NOT EXISTS (SELECT FROM lakana.area_crosswalk c WHERE c.to_area_id = a.id)
  OR EXISTS (SELECT FROM raw.released_area r WHERE (r.release_number, r.area_id) = (first.number, a.id))
);
