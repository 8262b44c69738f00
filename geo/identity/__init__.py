"""Keys and people: who may ask for more than the public."""
