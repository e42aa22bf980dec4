"""The SQL of a transaction by subject: letters in the outbox, mails, staff, the journal, figures per day."""
