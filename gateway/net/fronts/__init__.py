"""Fronts: processes that receive and screen mail, and the channels between them and the writer."""
