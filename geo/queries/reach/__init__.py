"""Which children are within reach of help: coverage, needs, gaps, travel times."""
