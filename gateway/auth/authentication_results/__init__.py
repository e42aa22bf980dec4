"""Authentication-Results: parse, write, and take over from a trusted relay (RFC 8601)."""
