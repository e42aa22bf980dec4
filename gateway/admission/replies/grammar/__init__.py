"""The grammar of replies: words that decide, harmless sentences, signatures, matching."""
