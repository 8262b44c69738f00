-- The words of what goes, which are kept at the end.
DROP TABLE IF EXISTS pg_temp.former_word;
CREATE TEMPORARY TABLE former_word (word text PRIMARY KEY) ON COMMIT DROP
