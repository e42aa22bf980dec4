"""The console's data in the store: mailed codes, sessions, confirmations."""
