"""Values of an SMTP session: envelope, our mailboxes, replies (RFC 5321)."""
