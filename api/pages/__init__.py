"""The pages that people read: the start page, the maps, and errors."""
