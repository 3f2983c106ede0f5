"""Ways to paint a task; `optimization` moves the pixels themselves."""

from __future__ import annotations
