"""A whole desk on loopback, with made-up municipalities, to look at and to try by hand."""
