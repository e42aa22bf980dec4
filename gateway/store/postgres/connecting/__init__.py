"""A connection to PostgreSQL: how it is opened and checked, and how it looks to the store."""
