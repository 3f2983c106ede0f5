"""`python -m impasto` is `impasto`."""

from __future__ import annotations

from impasto.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
