"""Accounts at the OpenID provider: the links to staff addresses, and sign-in by them."""
