"""What is tried out rather than looked at: a conversation with a mail server, an application, a letter."""
