"""DNS: the resolver over dnspython, and a small name server with its zone for demo, tests and trials."""
