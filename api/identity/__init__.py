"""Who the caller is, and how much they may use: keys, people's tokens, budgets, concurrency."""
