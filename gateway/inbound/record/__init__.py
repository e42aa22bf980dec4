"""What a front hands to the writer: the finished record of a mail, and the key that folds its repeats."""
