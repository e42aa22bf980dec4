"""The closed kinds of reasons that a refusal in natural words may give."""
