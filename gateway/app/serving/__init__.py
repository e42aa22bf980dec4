"""The process of `gateway serve`: signals, systemd, and what operators may ask it."""
