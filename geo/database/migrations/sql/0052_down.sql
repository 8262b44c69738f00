DROP TABLE audit.foreign_id;
