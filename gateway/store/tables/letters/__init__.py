"""The tables of the outbox: letters, their leases and tokens, and their counts."""
