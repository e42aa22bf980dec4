"""The path of an outgoing letter: claim with a lease -> render -> compose -> sign -> deliver -> settle.

`dispatcher` is the path, `message` builds the octets, `outcome` records the result, `protocols` are the
interfaces to the outside, `retry` the schedule.
"""
