"""One connection: its deadlines, its TLS handshake, and what an operator may watch of it."""
