"""Commands of the office: cases, persons, letters, organisations, the report."""
