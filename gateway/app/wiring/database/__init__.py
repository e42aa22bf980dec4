"""The configured database: for the one process that writes, and for those that read."""
