"""Words of a member other than plain decisions: word and code, the text below them, and queries."""
