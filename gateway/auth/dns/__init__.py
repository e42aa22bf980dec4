"""DNS for authentication: the resolver protocol, the query log, MX, public suffixes."""
