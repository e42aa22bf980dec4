"""The evidence for the decisions about a case: one file, with each mail authenticated and parsed again."""
