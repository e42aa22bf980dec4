"""Automatic mail: its marks, and reports about our own letters."""
