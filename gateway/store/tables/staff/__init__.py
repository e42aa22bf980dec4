"""The tables about members of staff."""
