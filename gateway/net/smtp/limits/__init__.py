"""Limits of the SMTP server: resource usage and rates."""
