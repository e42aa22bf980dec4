"""What authentication asks of DNS: the resolver protocol, the query log, MX, public suffixes."""
