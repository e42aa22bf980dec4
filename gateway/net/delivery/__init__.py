"""Delivery of letters: SMTP client, smarthost, MX, maildir, DKIM keys."""
