"""Who does what where: organisations, actors, services, shelters, areas, localities."""
