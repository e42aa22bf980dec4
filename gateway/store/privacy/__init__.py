"""Personal data: erasure, retention, access by the data subject."""
