"""Sentences that ask: questions to the desk, and requests."""
