"""Items of an application: what they are, how people label them, and their values."""
