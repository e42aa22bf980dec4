"""Replies by people: decisions of the staff and confirmations of an affiliation."""
