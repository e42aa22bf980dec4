"""Layout of a form in a text: lines, tables, labels with values, and what is none of these."""
