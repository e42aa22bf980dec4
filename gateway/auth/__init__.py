"""Who really sent it: SPF, DKIM, DMARC and the MX state, over one resolver protocol."""
