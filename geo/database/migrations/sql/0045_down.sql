ALTER FUNCTION lakana.skeleton(text) STRICT;
ALTER FUNCTION lakana.said_in_phone(text) STRICT;
ALTER FUNCTION lakana.chord_margin_m(double precision) STRICT;
