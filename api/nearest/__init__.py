"""``/nearest``: a case worker says where a child is and what happened, and reads whom to tell and where to go."""
