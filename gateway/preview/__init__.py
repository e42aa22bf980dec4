"""Previews of letters: sample letters from real transitions, rendered and shown as static pages."""
