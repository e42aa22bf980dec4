"""The SQL of a transaction, by what it is about: letters on their way, counts of a day."""
