"""Octets to text: character sets, Japanese ones first, and transfer encodings."""
