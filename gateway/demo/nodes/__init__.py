"""The demo of a desk on several nodes."""
