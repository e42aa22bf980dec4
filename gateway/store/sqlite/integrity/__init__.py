"""Proof that the database is intact: the hash chain of the journal, rules, verification."""
