"""Who may join: the rules, their assessment, consistency of what was stated."""
