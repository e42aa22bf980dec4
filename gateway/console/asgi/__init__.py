"""The ASGI application: its process, its table of pages, and one request of a member."""
