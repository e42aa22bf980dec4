"""Proof that a database file is intact: its pages, its schema, and what stands in it."""
