"""An outsider with every published count, and without K: what can be worked out of them. Run by scripts/differencing."""
