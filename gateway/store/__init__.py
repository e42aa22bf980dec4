"""Persistence: the protocol of a store, SQLite and PostgreSQL, commands, queries, personal data."""
