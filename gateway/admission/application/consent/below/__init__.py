"""Text below a consent: the writer's own affairs, courtesies, second thoughts."""
