"""Checks that the contents of a database are consistent, for any engine."""
