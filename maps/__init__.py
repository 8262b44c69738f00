"""Folium maps: palette, layers, page. Draws the records that it is handed."""
