"""Vector tiles: what they tell, to whom, how fast, and as an archive."""
