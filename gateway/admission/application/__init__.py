"""The application form: labels, lines, values, consent."""
