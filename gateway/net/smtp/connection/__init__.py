"""One connection: its deadlines, its TLS handshake, and its trace for operators."""
