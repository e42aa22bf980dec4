"""One module per page: turns database rows into values for templates."""
