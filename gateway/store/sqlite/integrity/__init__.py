"""Verifies a database file: its pages, its schema and its contents."""
