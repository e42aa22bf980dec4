"""Decoding octets to text: character sets, especially Japanese ones, and transfer encodings."""
