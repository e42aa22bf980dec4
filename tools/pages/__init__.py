"""The generated parts of the documentation, one module for each kind of source."""
