"""Names in replies: people, offices and places, and signature lines that consist of them."""
