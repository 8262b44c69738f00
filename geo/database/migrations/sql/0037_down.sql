-- Names alone are compared, as 0026 does, whose functions are made again after this; what was mended stays.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
DROP INDEX lakana.actor_words_idx, lakana.service_words_idx, lakana.organization_words_idx, lakana.training_event_words_idx;
CREATE INDEX actor_joined_idx ON lakana.actor USING gin (lakana.joined_words(name)) WHERE lakana.joined_words(name) <> '{}';
CREATE INDEX service_joined_idx ON lakana.service USING gin (lakana.joined_words(name))
WHERE NOT confidential AND lakana.joined_words(name) <> '{}';
CREATE INDEX organization_joined_idx ON lakana.organization USING gin (lakana.joined_words(name)) WHERE lakana.joined_words(name) <> '{}';
CREATE INDEX training_event_joined_idx ON lakana.training_event
USING gin (lakana.joined_words(name || coalesce(' ' || programme, '') || coalesce(' ' || description, '')))
WHERE lakana.joined_words(name || coalesce(' ' || programme, '') || coalesce(' ' || description, '')) <> '{}';
DROP TRIGGER names_insert ON lakana.ground;
DROP TRIGGER names_update ON lakana.ground;
DROP TRIGGER names_delete ON lakana.ground;
DROP TRIGGER former_words_update ON lakana.training_event;
DROP TRIGGER former_words_delete ON lakana.training_event;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT known.*, written.* FROM (VALUES
    ('actor', 'id, kind, area_id, point, organization_id', 'name',
      'ARRAY(SELECT unnest(ARRAY[o.name, o.acronym]) FROM organization o WHERE o.id = changed.organization_id) '
      '|| ARRAY(SELECT s.name FROM service s WHERE s.actor_id = changed.id AND NOT s.confidential)'),
    ('service', 'id, actor_id', 'name', NULL),
    ('organization', 'id', 'name, acronym, acronym_word(acronym), host_word(url)', NULL),
    ('training_event', 'id', 'name, programme, description', NULL),
    ('locality', 'id, area_id, point', 'name_fr, name_en, name_bm', 'ARRAY(SELECT n.name FROM locality_name n WHERE n.locality_id = changed.id)'),
    ('locality_name', 'locality_id', 'name', NULL),
    ('admin_area', 'id', 'name_fr, name_en, name_bm, code', NULL),
    ('area_within', 'area_id, ancestor_id', 'NULL', 'names_in(area_id)')
  ) AS known(place, found_by, names, others), (VALUES
    ('names_insert', 'INSERT', 'NEW TABLE AS new_rows'),
    ('names_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'),
    ('names_delete', 'DELETE', 'OLD TABLE AS old_rows')
  ) AS written(called, does, rows) LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON lakana.%I', one.called, one.place);
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.%I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION lakana.keep_names_untold(%L, %L, %L)',
      one.called, one.does, one.place, one.rows, one.found_by, one.names, coalesce(one.others, '''{}''::text[]'));
  END LOOP;
END $$;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES ('service', 'name'), ('actor', 'name'), ('organization', 'name, acronym_word(acronym), host_word(url)')
  ) AS known(place, names), (VALUES
    ('former_words_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'),
    ('former_words_delete', 'DELETE', 'OLD TABLE AS old_rows')
  ) AS written(called, does, rows) LOOP
    EXECUTE format('DROP TRIGGER %I ON lakana.%I', one.called, one.place);
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.%I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION exact.keep_words(%L)',
      one.called, one.does, one.place, one.rows, one.names);
  END LOOP;
END $$;
DROP FUNCTION lakana.public_texts(lakana.actor), lakana.public_texts(lakana.service), lakana.public_texts(lakana.organization),
  lakana.public_texts(lakana.training_event), lakana.public_texts(lakana.locality), lakana.public_texts(lakana.locality_name),
  lakana.public_texts(lakana.admin_area), lakana.public_texts(lakana.ground),
  lakana.unescaped, lakana.further_words, lakana.said_in_phone, lakana.said_in_hours, lakana.said_in_address, lakana.ground_name;
