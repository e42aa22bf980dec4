"""The effect of each kind of event on a case."""
