"""How fast impasto is."""
