"""Commands that run the service and watch it: serve, status, metrics, verify, backup, restore."""
