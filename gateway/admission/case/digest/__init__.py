"""The digest: all that waits in one letter, and the reply to it."""
