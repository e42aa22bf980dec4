"""Eligibility: the rules, their assessment, consistency of the stated facts."""
