"""The digest: all open cases in one letter, and the reply to it."""
