DROP TABLE lakana.ground;
DROP TYPE lakana.ground_kind;
