"""What stands below a consent: the writer's own affairs, what any mail may hold, second thoughts."""
