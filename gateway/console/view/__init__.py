"""Presentation: frames, templates, texts, the history of a case."""
