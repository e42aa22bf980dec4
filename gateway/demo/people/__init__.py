"""The people of the demo: their mails, and a story for each."""
