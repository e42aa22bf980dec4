"""What the decisions about a case rest on: one file, each mail in it proven and read again."""
