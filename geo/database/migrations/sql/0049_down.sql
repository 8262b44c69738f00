-- Nobody remembers any more what was imported.
DROP TABLE audit.area_spelling, audit.import_row, audit.import_file, audit.import;
