"""Packs: a folder with what is particular to a country, its settings in ``country.toml`` and its data files."""
