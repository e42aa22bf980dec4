"""What a member does in the console with a code: decisions, batches of them, and orders of an operator."""
