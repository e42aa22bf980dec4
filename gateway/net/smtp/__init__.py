"""The SMTP server."""
