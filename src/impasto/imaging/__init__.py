"""Pictures: read, fit, mask, write, turn into tensors and back.

`Picture` is the picture at the border. Nothing here needs torch but `impasto.imaging.tensors`,
whose `preprocess` and `postprocess` are the only doors to the standardised tensors inside.
"""

from __future__ import annotations

from impasto.imaging.alpha_fill import filled
from impasto.imaging.bands import Workspace, rows_of, write_bands
from impasto.imaging.cartoons import cartoon
from impasto.imaging.codecs.formats import holds_16_bit
from impasto.imaging.geometry import fitted, largest_part, ratio_of, resized, target_shape
from impasto.imaging.masks import by_its_kind, check_ratio, mask_for, mask_of, shares
from impasto.imaging.picture import Picture, array_to_pil, with_alpha
from impasto.imaging.read import Source, Sources, read
from impasto.imaging.write import check_format, check_output, to_bytes, write
from impasto.imaging.zoom import check_deep_zoom, deep_zoom

__all__ = [
    "Picture",
    "Source",
    "Sources",
    "Workspace",
    "array_to_pil",
    "by_its_kind",
    "cartoon",
    "check_deep_zoom",
    "check_format",
    "check_output",
    "check_ratio",
    "deep_zoom",
    "filled",
    "fitted",
    "holds_16_bit",
    "largest_part",
    "mask_for",
    "mask_of",
    "ratio_of",
    "read",
    "resized",
    "rows_of",
    "shares",
    "target_shape",
    "to_bytes",
    "with_alpha",
    "write",
    "write_bands",
]
