"""The faces: GraphQL, HTTP and the command line."""
