"""The types of the API, each field with its description and how it is read from the database."""
