"""Questions of operators to the running gateway, on a socket beside the database."""
