"""`impasto live`: what the studio's live page needs beside impasto itself."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from impasto.cli.commands import commands
from impasto.cli.options import option, quiet_option, verbosity_of

__all__ = ["app"]

app = commands("Fetch what the studio's live page needs.")


@app.command()
def fetch(
    source: Annotated[
        Path | None,
        option(None, "--from", metavar="DIR", help="Take all from this folder."),
    ] = None,
    quiet: Annotated[bool, quiet_option()] = False,
) -> None:
    """Put the runtime and the network of the live page into the cache.

    The runtime, ONNX Runtime for browsers, comes from the npm registry (33 MB) and is checked; the
    network is exported from the bundled one, which takes the extra onnx.
    """
    from impasto.cli.progress import FetchProgress
    from impasto.service.plain_pages.live import graphs, runtime

    if source is None:
        from impasto.exporters import tracing

        tracing.needed()  # before 33 MB are fetched
    with FetchProgress(f"onnxruntime-web {runtime.VERSION}", verbosity_of(quiet)) as on_progress:
        runtime.fetch(source, on_progress=on_progress)
    if not quiet:
        print(runtime.folder())
    if source is not None:
        graphs.keep(source)
    else:
        with TemporaryDirectory() as folder:
            _export(Path(folder))
            graphs.keep(Path(folder))
    if not quiet:
        print(graphs.folder())


def _export(folder: Path) -> None:
    """Write the graphs of the bundled network."""
    from impasto.exporters import onnx
    from impasto.networks import BRUSH_FILE
    from impasto.networks.stylizers import load

    onnx.any_style(folder / "brush.onnx", load(BRUSH_FILE), name="brush", half=True)
