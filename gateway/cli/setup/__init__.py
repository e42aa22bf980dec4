"""Commands that set a gateway up."""
