"""Packs of countries: their manifests, and a made-up country on the other side of the earth that everything runs on."""
