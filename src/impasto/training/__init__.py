"""Networks learn: what a training shares with every other one, and the trainings themselves."""
