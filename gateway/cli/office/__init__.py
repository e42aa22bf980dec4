"""Commands about cases, persons, letters, organisations."""
