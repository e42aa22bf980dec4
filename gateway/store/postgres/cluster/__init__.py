"""The machines of a desk, and the database servers that keep it."""
