"""How soon a plan of steps paints how well, as a network that took no part in it reads."""
