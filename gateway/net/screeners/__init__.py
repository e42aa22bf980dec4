"""Worker processes that screen mail."""
