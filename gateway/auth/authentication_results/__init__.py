"""Authentication-Results: parsing, writing, and use of a trusted relay's results (RFC 8601)."""
