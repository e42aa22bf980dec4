"""Code shared by several commands: options, output, loading, prompts."""
