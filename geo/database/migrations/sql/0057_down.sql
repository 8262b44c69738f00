-- No mapping is kept any more.
DROP TABLE audit.import_mapping;
