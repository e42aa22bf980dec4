"""Header fields: RFC 5322 syntax, encoded words (RFC 2047), detection of automatic mail (RFC 3834)."""
