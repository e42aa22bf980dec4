"""Between the store and the rules: cases with what decisions about them need, and the register in force."""
