"""Commands of operators, executed by the running gateway."""
