"""How a node writes: its turn, the thread that does it, and who watches over that thread."""
