"""The process of `gateway serve`: signals, systemd, and requests of operators."""
