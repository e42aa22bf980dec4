"""Labels that are guessed: mistyped ones, and values that get a known label."""
