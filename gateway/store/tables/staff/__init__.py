"""The tables about staff members."""
