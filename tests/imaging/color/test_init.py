from __future__ import annotations

import subprocess
import sys

import impasto.imaging.color


def test_every_public_name_is_there_once() -> None:
    names = impasto.imaging.color.__all__
    assert all(hasattr(impasto.imaging.color, name) for name in names)
    assert len(names) == len(set(names))


def test_colour_needs_no_torch() -> None:
    code = "import sys, impasto.imaging.color; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
