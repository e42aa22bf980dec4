"""How a form is laid out in a text: lines, tables, labels with values, and what is none of these."""
