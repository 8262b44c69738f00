-- What is asked of names, and when, is what 0023 asks, whose functions are made again after this; what was mended stays.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT known.*, written.* FROM (VALUES
    ('actor', 'name'), ('service', 'name'), ('organization', 'name, acronym_word(acronym), host_word(url)'),
    ('training_event', 'name, programme, description'), ('locality', 'name_fr, name_en, name_bm'), ('locality_name', 'name'),
    ('admin_area', 'name_fr, name_en, name_bm'), ('area_within', NULL)
  ) AS known(place, names), (VALUES
    ('names_insert', 'INSERT', 'NEW TABLE AS new_rows'), ('names_update', 'UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'),
    ('names_delete', 'DELETE', NULL)
  ) AS written(called, does, rows) LOOP
    EXECUTE format('DROP TRIGGER %I ON lakana.%I', one.called, one.place);
    IF one.names IS NOT NULL AND one.rows IS NOT NULL THEN
      EXECUTE format('CREATE TRIGGER %I AFTER %s ON lakana.%I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION lakana.keep_names_untold(%L)',
        one.called, one.does, one.place, one.rows, one.names);
    END IF;
  END LOOP;
END $$;
DROP FUNCTION lakana.telling_form, lakana.telling_address, lakana.telling_code, lakana.unglued, lakana.hold_words, lakana.names_in;
ALTER FUNCTION lakana.telling_signs RENAME TO telling_form;
