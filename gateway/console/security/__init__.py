"""Access control: origins, headers, cookies, sessions."""
