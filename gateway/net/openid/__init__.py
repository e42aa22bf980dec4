"""Sign-in by an OpenID provider: OpenID Connect Core 1.0, section 3.1 (code flow), with PKCE."""
