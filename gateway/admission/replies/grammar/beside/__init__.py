"""What may stand beside a decision: reasons, questions, second thoughts."""
