"""What the store knows of the console: codes that were mailed, and sessions."""
