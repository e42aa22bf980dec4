"""Read-only queries that run beside the gateway."""
