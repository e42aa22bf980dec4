"""What the office does to a case: decide, undo, watch, stop, practise."""
