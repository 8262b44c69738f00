"""Finding what a row names among what is there: surely, or not at all."""
