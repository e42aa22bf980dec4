"""ARC: parsing and validation of the chain (RFC 8617)."""
