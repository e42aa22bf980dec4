"""What the console asks: lists by keyset, each from one place of an index on, however many rows there are."""
