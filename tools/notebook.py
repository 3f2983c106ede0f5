"""The notebook among the examples, made by code so that it stays small and holds no outputs.

`make docs` writes `examples/notebook.ipynb`; a test runs its cells.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["CELLS", "page"]

# Prose and code in turn. Small and quick: a laptop paints each picture in seconds.
CELLS = (
    """\
# impasto in a notebook

Two sample pictures come along; put the paths of your own in their place, or their bytes, PIL
images, arrays or tensors.""",
    """\
import impasto
from impasto import samples

photo, style = samples.content("chelsea"), samples.style("swirls")
result = impasto.stylize(photo, style, size=192, steps=40)
result""",
    """\
A result that ends a cell is shown. It holds the picture (`result.picture`, a PIL image), the floats
behind it (`result.pixels`), and the losses of every step:""",
    """\
from PIL import Image

from impasto.reports import plot_losses

Image.open(plot_losses(result, "losses.png"))""",
    """\
Nearer to the style, and telling how far it is on the way. With `tqdm` installed,
`for event in tqdm(impasto.run(...))` draws a bar.""",
    """\
def tell(event):
    if isinstance(event, impasto.Step) and event.step % 10 == 0:
        print(f"step {event.step} of {event.steps}: loss {event.losses['total']:.3g}")


bolder = impasto.stylize(photo, style, strength=0.8, size=192, steps=40, on_event=tell)
bolder""",
    "What you like is worth a file, with a larger `size` and more `steps` perhaps.",
    'bolder.save("painted.png")',
)


def page() -> str:
    """The text of the notebook, in version 4.5 of its format."""
    cells = [_cell(number, source) for number, source in enumerate(CELLS)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _cell(number: int, source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    if number % 2 == 0:
        kind: dict[str, Any] = {"cell_type": "markdown"}
    else:
        kind = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**kind, "id": f"cell-{number}", "metadata": {}, "source": lines}
