"""Additions to a decision: the text that is passed on, and the date on which a hold ends."""
