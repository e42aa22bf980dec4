"""Figures of the cases opened on each day, summed up ahead for reports."""
