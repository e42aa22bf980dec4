"""DMARC: record discovery, evaluation, organizational domains (RFC 9989)."""
