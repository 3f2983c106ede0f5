"""How a painting in one pass stands beside the peer's: distances, seconds, memory."""
