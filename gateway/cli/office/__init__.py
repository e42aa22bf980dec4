"""Commands for the office: cases, persons, letters, organisations, the report."""
