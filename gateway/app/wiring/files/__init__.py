"""The files of a desk: shipped or the operator's own, and their hashes."""
