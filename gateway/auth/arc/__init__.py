"""ARC: the chain and its validation (RFC 8617)."""
