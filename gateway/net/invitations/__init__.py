"""Invitation senders: mail, Slack, webhook."""
