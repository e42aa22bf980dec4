"""Commands that run and monitor the service: serve, status, metrics, verify, backup, restore."""
