"""A reply as the grammar reads it: its units, the decision in them, and how both are explained."""
