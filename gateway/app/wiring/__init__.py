"""From settings to the objects that do the work."""
