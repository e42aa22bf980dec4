"""A case as the console presents it: a row of a list, and its history."""
