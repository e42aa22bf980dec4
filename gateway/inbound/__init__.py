"""The path of one message in: screen, plan, commit."""
