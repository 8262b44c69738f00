"""The private PostgreSQL cluster, its processes, and backups."""
