"""Builds the working objects from the settings."""
