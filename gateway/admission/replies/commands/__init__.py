"""What a member says beside the words of a case: word and code, what stands below them, and queries."""
