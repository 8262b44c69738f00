"""Keys and people: callers who may read or write more than the public."""
