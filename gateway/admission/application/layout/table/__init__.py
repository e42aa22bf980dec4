"""Tables in plain text: their cells, their rows, and the meaning of their columns."""
