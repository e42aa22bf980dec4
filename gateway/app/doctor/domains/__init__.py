"""Checks of domains: the DNS records of our own, and the mail of the staff's."""
