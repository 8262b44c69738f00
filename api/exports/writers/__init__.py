"""One writer a format. Each takes rows as they come and keeps none of them."""
