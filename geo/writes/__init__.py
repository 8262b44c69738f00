"""Writes, one file for each concept: checked values, and the changes that they make in one transaction."""
