from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

# Ends with an error at any import of torch, as where it is not installed.
WITHOUT_TORCH = """
import sys
class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "torchvision"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, NoTorch())
"""

WORK = """
import numpy as np
from impasto import imaging, samples
from impasto.imaging import color

photo = imaging.fitted(imaging.read(samples.content("chelsea")), size=64)
style = imaging.fitted(imaging.read(samples.style("swirls")), size=64)
left = np.zeros(photo.pixels.shape)
left[:, :32] = 1
imaging.write("mask.png", left)
shares = imaging.shares(imaging.mask_for("mask.png", photo))
matched = color.match(photo.floats, style.floats, weights=shares)
picked = np.where(shares[..., None] > 0, matched, photo.floats)
imaging.array_to_pil(picked).save("preview.png")
for name, bits in (("out.png", 8), ("deep.png", 16), ("deep.tif", 16), ("out.jpg", 8)):
    imaging.write(name, color.match_histogram(picked, style.floats), bits=bits)
assert "torch" not in sys.modules
"""


def test_pictures_are_read_fitted_masked_matched_and_written_without_torch(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH + WORK]
    work = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert work.stderr == ""
    assert work.returncode == 0
    for name in ("preview.png", "out.png", "deep.png", "deep.tif", "out.jpg"):
        with Image.open(tmp_path / name) as image:
            assert max(image.size) == 64, name


def test_the_tensors_are_what_needs_torch() -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH + "import impasto.imaging.tensors"]
    work = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "No module named 'torch'" in work.stderr
