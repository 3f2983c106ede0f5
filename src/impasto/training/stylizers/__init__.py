"""One-pass networks learn styles of one's own; `run.py` tells how a training goes.

::

    photographs -> crops -> painter by a row's code -> guide -> losses -> the painter's weights
    styles -> guide -> targets, and codes for the rows to begin with
"""

from __future__ import annotations

from impasto.training.stylizers.run import Training

__all__ = ["Training"]
