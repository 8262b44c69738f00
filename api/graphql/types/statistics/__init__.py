"""Answers of the spatial statistics: access scores, hotspots, trends."""
