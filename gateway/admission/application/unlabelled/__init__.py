"""Statements without a label: who writes, in prose and signatures, and unambiguous values."""
