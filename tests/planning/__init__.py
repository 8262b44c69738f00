"""Planning: coverage, sites, pathways, hotspots."""
