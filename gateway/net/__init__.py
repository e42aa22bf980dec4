"""The network and the host: SMTP server, delivery, DNS, invitation senders, workers, metrics, systemd."""
