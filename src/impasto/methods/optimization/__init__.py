"""Painting by optimisation: `run.py` tells the whole of it, the other files hold one idea each."""

from __future__ import annotations
