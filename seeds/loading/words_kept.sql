-- Who keeps the same word waits for whoever keeps it first: in one order.
INSERT INTO exact.former_word SELECT word FROM pg_temp.former_word ORDER BY word ON CONFLICT DO NOTHING
