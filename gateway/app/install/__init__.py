"""Installation: files, keys, DNS records to publish."""
