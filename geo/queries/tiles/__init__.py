"""Vector tiles: one layer of one tile of the map, built in the database."""
