"""Actions of the office on a case: decide, undo, watch, stop, practise."""
