"""Read-only queries, beside the running gateway."""
