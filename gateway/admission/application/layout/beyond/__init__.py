"""Parts of a mail beyond the form: examples, old mails, signatures."""
