"""Wishes beside a consent: how soon something is needed, and on which condition somebody takes part."""
