"""Tables beside that of the mails: contents that were acted on, and mails that changed nothing."""
