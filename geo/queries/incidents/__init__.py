"""Published counts of incidents, hotspots and trends."""
