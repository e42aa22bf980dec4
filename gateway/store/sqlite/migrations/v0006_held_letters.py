"""How often a letter could not be made: after some tries it is put on hold, and the others go on."""

STATEMENTS = ("ALTER TABLE letters ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",)
