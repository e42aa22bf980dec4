"""Values and formats of Internet mail. Pure: no I/O, no clock, no randomness."""
