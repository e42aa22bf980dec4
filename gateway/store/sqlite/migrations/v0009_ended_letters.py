"""Letters that were refused or recalled, found without those that were sent: there are few of the first."""

STATEMENTS = ("CREATE INDEX letters_ended ON letters (state) WHERE state IN ('refused', 'recalled')",)
