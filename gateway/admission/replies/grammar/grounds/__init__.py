"""The closed set of reasons that a refusal without the code may give."""
