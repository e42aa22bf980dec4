"""Whether somebody agreed to the rules: the answer, what may stand beside it, the lines it is said in."""
