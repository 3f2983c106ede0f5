"""The same small pictures painted by two revisions of the code, and compared pixel by pixel.

`python -m tools.golden --base REV` checks REV out beside the working tree, paints every task with
the code of each, and tells which pictures are equal. It is for changes that may not change any
picture. Both sides paint on this machine, since sums of floats differ between processors; nothing
is stored. Only the command line and the public names of `impasto` are used, so that everything
inside may be renamed.

With `--handover` the working tree also goes on with what REV left half done: checkpoints, a batch,
and the jobs of a studio.
"""
