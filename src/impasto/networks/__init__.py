"""Networks: what gives features, and where weights come from."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SLIM_FILE"]

SLIM_FILE = Path(__file__).parent / "features" / "slim.safetensors"
"""The weights of the bundled backbone; named here, where no torch is loaded."""
