"""The path of an incoming message: screen, plan, commit."""
