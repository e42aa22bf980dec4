"""Whole databases: copied to another store, restored from a backup, and what the replaced one still holds."""
