"""How letters begin and end: formulas of politeness, and the season."""
