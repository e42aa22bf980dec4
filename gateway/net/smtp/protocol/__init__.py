"""The protocol without I/O: syntax, state, the DATA reader (RFC 5321)."""
