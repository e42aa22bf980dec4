"""DNS: the resolver over dnspython, an embedded name server, zones, DNSSEC."""
