"""What all queries share: the question, row sets, pages, and the number of services left out."""
