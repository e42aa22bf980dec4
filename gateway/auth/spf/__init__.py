"""SPF: check_host and its cache (RFC 7208)."""
