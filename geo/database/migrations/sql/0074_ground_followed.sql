-- The ground of maps comes by imports, which can be undone. The seeds of before brought one that no import knows: what is loaded again
-- takes its place by kind, name and rank.
SELECT audit.follow_imports('lakana.ground');
