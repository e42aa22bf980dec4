"""What the incoming path counts: octets stored per day, and replies that were not understood."""
