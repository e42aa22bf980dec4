"""Organisations: the register, codes, domains, look-alikes."""
