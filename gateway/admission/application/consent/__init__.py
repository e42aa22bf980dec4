"""Consent to the rules: the answer, what may accompany it, and the lines that contain it."""
