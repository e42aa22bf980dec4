"""Names in replies: of people, offices and places, and the lines of a signature that are made of them."""
