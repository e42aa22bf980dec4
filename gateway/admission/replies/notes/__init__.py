"""What is passed on with a decision: the text, and the day that a hold ends."""
