"""The assumptions that answers state, by subject and language."""
