"""Networks for other programs: `onnx.py` tells the whole of it, the other files hold its parts."""

from __future__ import annotations
