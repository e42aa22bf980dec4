"""Commands for recovery: verify the database, back it up, restore it."""
