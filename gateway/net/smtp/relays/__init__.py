"""Trusted relays in front of us: their list, PROXY protocol, XCLIENT."""
