"""Pages of people who are signed in: signing in and out, what stewards decide, and what partners say of their own."""
