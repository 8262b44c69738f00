"""The questions to the database: each builds the FROM, WHERE, ORDER BY and LIMIT of one statement."""
