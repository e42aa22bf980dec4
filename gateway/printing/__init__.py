"""Text from outside as a separate type, and the only code that decides how it is printed."""
