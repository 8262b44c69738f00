"""Who asks, and what they may use: keys, tokens of people, budgets, concurrency."""
