"""Folium maps: palette, layers, page. They are drawn from given records."""
