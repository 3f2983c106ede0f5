"""Pictures of any size, by tiles: the same losses and the same gradient, in the memory of one tile.

Every place of a layer's features is owned by exactly one tile. The losses are functions of sums
over places, and sums over owned places add up; gradients of owned places reach beyond their tile's
edge, and are added there too, so that nothing is approximated and no seam can form.
"""
