"""What belongs to a member: accounts at the OpenID provider, sign-in by them, and the own preferences."""
