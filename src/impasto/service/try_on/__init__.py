"""Trying styles on: a photograph in every sample style, and drafts of paintings, in one pass.

`painter` is what a process of its own does, with torch; `process` is that process as the server,
which has no torch, sees it.
"""

from __future__ import annotations
