"""The case: its model, its events, and `decide`, the only place where a case changes."""
