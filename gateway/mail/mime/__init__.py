"""MIME: parts, their content, HTML as text, delivery reports (RFC 2045, 2046, 3464)."""
