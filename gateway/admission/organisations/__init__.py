"""Organisations: the register, codes, domains, names in Latin letters, look-alikes."""
