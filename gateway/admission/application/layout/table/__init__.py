"""Tables in plain text: their cells, their rows, and what their columns are for."""
