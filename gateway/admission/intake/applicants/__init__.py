"""Mails of applicants: what they ask for, the colleague they name, and what counts of old or other text."""
