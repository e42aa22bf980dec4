"""The tables about mails other than the mails themselves: what was acted on, and what was not heard."""
