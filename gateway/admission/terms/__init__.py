"""The desk's own terms, in the wording of its letters and in English."""
