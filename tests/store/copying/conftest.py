"""The empty schema of these tests."""

from tests.store.makers import place

__all__ = ["place"]
