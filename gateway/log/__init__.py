"""Log events and where they are written."""
