"""The console: pages on which the staff look at the desk. It reads, and asks the gateway over its socket."""
