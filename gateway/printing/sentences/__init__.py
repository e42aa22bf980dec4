"""The sentences of the desk that can contain a value: the catalogue, in English too, and how they are rendered."""
