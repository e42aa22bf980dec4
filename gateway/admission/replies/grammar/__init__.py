"""The grammar of replies: decision words, harmless sentences, signatures, matching."""
