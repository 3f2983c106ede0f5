"""One file per style; each has `paint(width, height, seed)` giving uint8 (height, width, 3)."""
