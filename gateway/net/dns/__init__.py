"""DNS: a resolver built on dnspython, and a small name server with its zone for the demo and tests."""
