"""The GraphQL API: schema, root fields, types, and how an operation is compiled."""
