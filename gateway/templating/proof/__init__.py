"""What is proved of a template before letters are made of it: its branches, its poison, its lines."""
