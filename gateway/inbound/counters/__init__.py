"""What the incoming path counts per day: octets stored, and replies that were not understood."""
