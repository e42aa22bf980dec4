"""Answers that choose between yes and no."""
