"""A database as a whole, from one store into another, with proof that nothing changed on the way."""
