"""A booted Debian on which the blocks of README and docs run as they stand."""
