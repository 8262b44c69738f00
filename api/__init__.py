"""The interfaces: GraphQL, HTTP and the command line."""
