"""What pictures of any size take of memory, measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

HEIGHT, WIDTH = 5000, 6000  # 90 MB of samples, 120 MB as Pillow keeps them, 360 MB of floats
MOST_MB = 90

SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from impasto import imaging

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3

def grey(x):  # 0, 1, ... 255, 0, ... by row and column
    return np.broadcast_to((x % 256).astype(np.float32)[..., None] / 255, (*x.shape, 3))

height, width, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
small = imaging.Picture(np.zeros((8, 8, 3), np.uint8))
for name in ("a.tif", "a.jpg"):  # load what is loaded late
    imaging.write_bands(folder / name, (8, 8), [small.floats])
    imaging.read(folder / name, scratch=folder)
imaging.resized(small, 4, 4)
before = peak()
for name in ("a.tif", "a.jpg"):
    tops = range(0, height, 50)
    bands = (grey(np.arange(top, top + 50)[:, None] + np.arange(width)) for top in tops)
    imaging.write_bands(folder / name, (height, width), bands)
    picture = imaging.read(folder / name, scratch=folder)
    for y in range(0, height, 499):
        wanted = (y + np.arange(width)) % 256
        assert name == "a.jpg" or (picture.pixels[y, :, 1] == wanted).all()
    imaging.resized(picture, 500, 600)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell peaks in other ways")
def test_a_large_picture_is_never_whole_in_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(HEIGHT), str(WIDTH), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < MOST_MB
