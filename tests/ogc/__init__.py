"""OGC API Features: what the standard asks, what GDAL reads, and no more than the API tells."""
