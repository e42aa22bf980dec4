"""The SQL of a transaction by subject: letters in the outbox, daily counts."""
