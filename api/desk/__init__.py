"""``/``, the planner's desk: choose where, what and how far; read map, gaps, table, curve and figures side by side."""
