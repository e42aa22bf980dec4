"""Whether what a database holds fits together, whatever keeps it."""
