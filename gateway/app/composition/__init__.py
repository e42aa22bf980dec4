"""Everything that a reload rebuilds: the components, those in force, and what they catch up with."""
