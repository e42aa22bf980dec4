"""What we remember: the protocol of a store, SQLite, commands, queries, personal data."""
