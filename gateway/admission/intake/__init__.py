"""From a mail to an event: extract, classify, refuse what is confidential."""
