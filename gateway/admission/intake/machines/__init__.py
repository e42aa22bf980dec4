"""Mails of machines: what marks them, and reports about our own letters."""
