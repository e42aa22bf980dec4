"""The protocol without a socket: syntax, state, the reader of DATA (RFC 5321)."""
