"""A portrait: a square about a face, upright, with the face kept like itself."""
