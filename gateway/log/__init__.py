"""Log events and log handlers."""
