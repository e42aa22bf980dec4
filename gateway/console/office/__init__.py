"""Pages besides the cases: figures, register, journal, health, letters, exports."""
