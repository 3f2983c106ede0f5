"""Ways to paint the frames of a film, one after the other."""
