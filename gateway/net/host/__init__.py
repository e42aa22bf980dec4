"""The host: clock, event loop, sockets, systemd."""
