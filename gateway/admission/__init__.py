"""The desk: what an application is, who is eligible, and what happens next. Pure: no I/O."""
