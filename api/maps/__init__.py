"""Maps by kind: what each asks and draws, what can be chosen for it, and the pages and files that show it."""
