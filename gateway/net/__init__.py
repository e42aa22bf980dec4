"""The world outside: SMTP in and out, DNS, rendering, invitation sending, systemd."""
