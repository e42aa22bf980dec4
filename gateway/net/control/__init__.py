"""Operator requests to the running gateway, over a Unix socket next to the database."""
