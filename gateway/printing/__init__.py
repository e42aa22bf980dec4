"""Text from outside as a type of its own, and the one place that decides how it is printed."""
