"""Verification of templates before letters are made with them: branches, hostile input, reply lines."""
