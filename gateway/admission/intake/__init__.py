"""From a mail to an event: extract facts, classify them, and keep nothing confidential."""
