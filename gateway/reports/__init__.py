"""The report: statistics and its page."""
