"""Text beside a form: words to the desk, and corrections of a mistake in the form."""
