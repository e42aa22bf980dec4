"""DKIM: verify and sign (RFC 6376, 8463)."""
