"""Pictures: read, fit, turn into tensors and back, write.

`Picture` is the picture at the border; `preprocess` and `postprocess` are the only doors between
it and the standardised tensors inside.
"""

from __future__ import annotations

from impasto.image.fit import fitted, resized, target_shape
from impasto.image.formats import holds_16_bit
from impasto.image.hidden import filled
from impasto.image.mask import mask_for, shares
from impasto.image.picture import Picture
from impasto.image.read import Source, Sources, read
from impasto.image.tensors import (
    MEAN,
    STD,
    array_to_pil,
    postprocess,
    preprocess,
    to_array,
    to_pil,
)
from impasto.image.write import check_output, write

__all__ = [
    "MEAN",
    "STD",
    "Picture",
    "Source",
    "Sources",
    "array_to_pil",
    "check_output",
    "filled",
    "fitted",
    "holds_16_bit",
    "mask_for",
    "postprocess",
    "preprocess",
    "read",
    "resized",
    "shares",
    "target_shape",
    "to_array",
    "to_pil",
    "write",
]
