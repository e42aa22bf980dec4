"""Sender authentication: SPF, DKIM, DMARC, ARC and the MX state, over one resolver protocol."""
