"""Queries of the console: keyset-paginated lists, each a range of an index however many rows there are."""
