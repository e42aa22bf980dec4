"""The host: event loop, sockets, systemd."""
