"""Decisions: forms about a case and the desk, which the gateway executes once they are confirmed."""
