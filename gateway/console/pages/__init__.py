"""One module a page: what was read, as values that templates print."""
