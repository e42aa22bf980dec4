"""Limits of the SMTP server: resources in use, rates."""
