"""Commands around the running service."""
