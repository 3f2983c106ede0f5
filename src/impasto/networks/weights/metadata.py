"""What a checkpoint says of itself."""

from __future__ import annotations

from pathlib import Path

from safetensors import safe_open

__all__ = ["metadata"]


def metadata(path: str | Path) -> dict[str, str]:
    """The text a `.safetensors` file carries beside its tensors.

    Args:
        path: of a checkpoint.

    Returns:
        Empty if it carries none or cannot be read: reading its tensors will say why.

    Example:
        >>> metadata("nowhere.safetensors")
        {}
    """
    try:
        with safe_open(path, framework="pt") as opened:
            told: dict[str, str] | None = opened.metadata()
    # Bytes from outside make the parser raise anything at all.
    except Exception:
        return {}
    return told or {}
