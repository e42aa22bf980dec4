"""Who may see what: origins, headers, cookies, sessions."""
