"""The text of a reply: the lines that its author wrote, and their sentences."""
