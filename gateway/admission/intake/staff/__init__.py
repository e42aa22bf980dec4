"""Mails of the staff: what they may say, what they quote, and the lines of their signatures."""
