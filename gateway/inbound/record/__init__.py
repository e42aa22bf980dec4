"""Submissions of a front to the writer: a mail's finished record, with a key to detect duplicates."""
