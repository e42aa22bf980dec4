"""The text of a reply: which of its lines its writer wrote, and the sentences they say."""
