"""The sentences of the desk that can contain a value: in Japanese, in English, and how they are rendered."""
