"""OGC API Features: the map's lists as collections of GeoJSON and as pages, read-only."""
