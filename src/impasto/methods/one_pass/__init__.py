"""Painting in one pass: a feed-forward network paints, nothing is optimised."""
