"""Figures per day: counts instead of rows, and cases summed up ahead for reports."""
