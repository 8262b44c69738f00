DROP TABLE lakana.presence;
DROP TYPE lakana.sector;
