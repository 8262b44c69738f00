"""What an import did and found: problems with their places, counts, and how they are written."""
