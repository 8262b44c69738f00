-- The number goes, and what raised it.
DROP FUNCTION lakana.note_public_change CASCADE;
DROP FUNCTION lakana.follow_public, lakana.public_version;
DROP TABLE lakana.public_version;
