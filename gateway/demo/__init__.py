"""A whole desk on loopback with sample municipalities, to watch and to try by hand."""
