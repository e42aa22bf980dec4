"""The tables of the outbox: letters, their leases and tokens, and what was counted of them."""
