"""The path of one letter out: claim with a lease -> render -> compose -> sign -> deliver -> settle.

`dispatcher` is the path, `message` makes the octets, `outcome` knows what the end means, `protocols` are what
it needs from outside, `retry` the times.
"""
