"""Integrity of a database, for any engine: the hash chain of the journal, and checks of the contents."""
