"""Which backbone guides best."""
