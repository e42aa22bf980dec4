"""The writing side of a node: its turn, the writer thread, and the watchdog of that thread."""
