"""What all queries stand on: the question, rows of entities, pages, what is left out."""
