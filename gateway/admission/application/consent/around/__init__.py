"""What stands around a consent: mentions of it, lines without a verb, and sentences about who applies."""
