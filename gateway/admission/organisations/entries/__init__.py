"""Entries of the office in the register: validated one by one, or imported from a list."""
