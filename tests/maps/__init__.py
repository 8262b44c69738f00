"""The maps: palette, words, layers, page, and the page in a browser."""
