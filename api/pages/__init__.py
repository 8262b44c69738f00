"""What a person sees: the start page, the maps, and pages for errors."""
