"""What we remember: the port, the schema and its SQLite implementation."""
