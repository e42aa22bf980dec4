"""The path of one letter out: claim with a lease -> render -> compose -> sign -> deliver -> settle.

`worker` is the path, `writing` makes the octets, `settling` knows what the end means, `edges` are the
protocols to the world, `schedule` the times.
"""
