"""Fronts: processes that take and examine mail, and the channels between them and the writer."""
