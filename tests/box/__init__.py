"""A booted Debian on which the blocks of the pages run verbatim."""
