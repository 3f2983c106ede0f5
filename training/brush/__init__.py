"""How `brush` learns, the one-pass network that comes along: `python -m training.brush`."""
