"""Files as tables: one reader a format, rows streamed in bounded memory, what was recognised as a value."""
