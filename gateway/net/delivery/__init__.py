"""Delivery of letters by a smarthost, to the recipient's MX or into a maildir; SMTP client, DKIM keys."""
