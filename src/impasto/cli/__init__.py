"""The command line: thin commands over `impasto.painting`. `main` is its door."""

from __future__ import annotations

from impasto.cli.app import main

__all__ = ["main"]
