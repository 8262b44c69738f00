"""One module a question: each gives the FROM, WHERE, ORDER BY and LIMIT of one statement."""
