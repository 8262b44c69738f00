"""What the spatial statistics answer: access scores, hotspots, trends."""
