"""Trusted relays in front of the gateway: their list, PROXY protocol, XCLIENT."""
