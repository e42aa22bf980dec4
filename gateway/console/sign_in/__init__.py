"""Ways to sign in: by a mailed code, through an OpenID provider, or named by a proxy."""
