"""Who is within reach of help: coverage, needs, gaps, travel times."""
