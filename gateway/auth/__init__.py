"""Who really sent it: SPF, DKIM, DMARC, ARC and the MX state, over one resolver protocol."""
