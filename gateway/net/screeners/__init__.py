"""Screening in worker processes: the pool, and the framing between it and them."""
