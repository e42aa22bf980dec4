"""Putting the rooms together: from settings to a running gateway."""
