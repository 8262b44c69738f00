"""The domain on PostGIS: vocabulary, coordinates, tables, questions, the private cluster, disclosure control."""
