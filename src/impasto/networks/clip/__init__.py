"""CLIP: pictures and words as vectors of one space (Radford et al., 2021); `folder` needs no torch.

Its weights do not come along: whoever runs impasto names a folder or a model of the hub.
"""

from __future__ import annotations
