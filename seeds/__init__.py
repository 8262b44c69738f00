"""Data sets with their sources, loaders, and the generator of illustrative rows."""
