"""Read-only questions to the database."""
