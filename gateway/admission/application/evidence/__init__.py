"""Items recognised by the kind and position of a value, where no known label names them."""
