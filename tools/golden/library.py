"""Paints from Python with the public names: `python library.py FOLDER`, run with either side."""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Paint pictures given as files, PIL images and arrays, and keep what comes back."""
    import numpy as np
    from PIL import Image

    import impasto

    pair = "photo.png", "swirls.png"
    result = impasto.stylize(*pair, size=96, steps=10, seed=2, device="cpu", precision="float32")
    result.picture.save(folder / "stylize.png")
    np.save(folder / "stylize.npy", result.pixels)

    photo = np.asarray(Image.open(pair[0])).astype(np.float32) / 255
    styles = [Image.open("swirls.png"), Image.open("mosaic.png")]
    masks = [Image.open("left.png"), Image.open("right.png")]
    settings = impasto.StyleSettings(
        size=128, coarsest=64, steps=10, device="cpu", precision="float32"
    )
    events = list(impasto.run(photo, styles, settings, masks=masks, preview_every=4))
    for event in events:
        if isinstance(event, impasto.Preview):
            event.picture.save(folder / f"preview-{event.step}.png")
        elif isinstance(event, impasto.Finished):
            event.picture.save(folder / "run.png")
    losses = [list(e.losses.values()) for e in events if isinstance(e, impasto.Step)]
    np.save(folder / "losses.npy", losses)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
