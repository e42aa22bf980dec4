"""Metrics: collection and the HTTP endpoint."""
