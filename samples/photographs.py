"""Write the sample photographs: those of an installed scikit-image, and a frame of a clip.

    python -m samples.photographs --clips FOLDER --out src/impasto/samples/content

A development tool: scikit-image and, for the clip, PyAV are not installed with the package. What is
known about each photograph stands in `impasto.samples.catalogue`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

LONGEST = 768
QUALITY = 92
SCIKIT_IMAGE = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
CLIP = "flower.mp4"  # of which the last frame, where the flower is open, is taken


def photographs(clips: Path) -> dict[str, Image.Image]:
    """Every photograph by its name, in RGB, its longest side at most `LONGEST` pixels.

    Args:
        clips: the folder that holds `CLIP`.
    """
    import skimage

    data = Path(skimage.__file__).parent / "data"
    pictures = {Path(file).stem: Image.open(data / file) for file in SCIKIT_IMAGE}
    pictures[Path(CLIP).stem] = last_frame(clips / CLIP)
    return {name: _small(picture) for name, picture in pictures.items()}


def last_frame(clip: Path) -> Image.Image:
    """The last frame of a clip, in RGB."""
    import av

    with av.open(str(clip)) as container:
        *_, frame = container.decode(video=0)
        picture: Image.Image = frame.to_image()
    return picture


def _small(picture: Image.Image) -> Image.Image:
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return picture


def main() -> None:
    """Write all photographs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True, help=f"the folder that holds {CLIP}")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, picture in photographs(arguments.clips).items():
        picture.save(arguments.out / f"{name}.jpg", "JPEG", quality=QUALITY, optimize=True)
        print(f"{name}: {picture.width} x {picture.height}")


if __name__ == "__main__":
    main()
