"""Letter templates: rendering, overrides, checks."""
