DROP FUNCTION lakana.hull_of;
