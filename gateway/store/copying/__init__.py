"""Copies a whole database from one store to another, with proof that nothing changed on the way."""
