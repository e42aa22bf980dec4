"""Text that may accompany a decision: reasons, questions, second thoughts."""
