"""An index of the few refused or recalled letters, to find them among the sent ones."""

STATEMENTS = ("CREATE INDEX letters_ended ON letters (state) WHERE state IN ('refused', 'recalled')",)
