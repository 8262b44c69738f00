"""The directory: organisations, actors, services, shelters, areas, localities."""
