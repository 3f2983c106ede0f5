"""An ONNX graph of `impasto export`, opened by onnxruntime once nothing in it can surprise."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import MemoryShortError, MissingPackageError, WeightsError, reason_of
from impasto.networks.graphs.contents import Contents
from impasto.text import format_path

__all__ = ["FORMAT", "KINDS", "LARGEST", "Graph"]

FORMAT = "impasto-onnx-1"
LARGEST = 256_000_000  # bytes of a file: the largest network that can be trained is far below

# By kind, what goes in and what comes out, each with its type.
PAINTING, CODE = {"painting": "tensor(uint8)"}, {"code": "tensor(float)"}
KINDS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "baked": ({"image": "tensor(uint8)"}, PAINTING),
    "painter": (
        {"image": "tensor(uint8)", "code": "tensor(float)", "strength": "tensor(float)"},
        PAINTING,
    ),
    "reader": ({"style": "tensor(uint8)"}, CODE),
}


class Graph:
    """A graph that paints, or reads styles; safe to be run by several threads at once.

    Args:
        path: a file that `impasto export` wrote.
        threads: of the processor; None for one each of its cores that this process may use.
        lean: whether memory is given back at once and taken anew: a third slower, in half of it.

    Attributes:
        path: of the file.
        kind: "baked", which paints one style; "painter", which paints any; "reader", which turns a
            style picture into the code that a painter takes.
        text: what the file says of itself.
        smallest_side: of the pictures that it takes, in px.
        threads: as they are used.

    Raises:
        WeightsError: it cannot be read, is damaged, or none that `impasto export` wrote.
        MissingPackageError: onnxruntime is not installed.
        MemoryShortError: it does not fit in memory.
    """

    def __init__(
        self, path: str | os.PathLike[str], threads: int | None = None, *, lean: bool = False
    ) -> None:
        self.path = Path(path)
        name = format_path(path)
        data = _bytes_of(self.path, name)
        try:
            contents = Contents.of(data)
        except ValueError:
            raise _broken(name) from None
        self.text = contents.text
        _check(contents, name)
        self.kind = self.text.get("kind", "")
        try:
            self.smallest_side = int(self.text["smallest_side"])
        except (KeyError, ValueError):
            raise _broken(name) from None
        self.threads = threads or _cores()
        self._session = _session(data, name, self.threads, lean)
        if self.kind not in KINDS or _ends(self._session) != KINDS[self.kind]:
            raise WeightsError(
                f"{name} takes and gives other things than a network that impasto export wrote: "
                "export it again"
            )

    def lean(self) -> Graph:
        """The same graph, opened `lean`."""
        return Graph(self.path, self.threads, lean=True)

    def run(self, **inputs: NDArray[Any]) -> NDArray[Any]:
        """What the graph makes of its inputs, as `KINDS` lists them.

        Args:
            image, style: (H, W, 3) uint8, sRGB, of at least `smallest_side` px.
            code: (1, S) float32.
            strength: (1, 1) float32, from -1, near the photograph, to 1, near the style.

        Returns:
            (H, W, 3) uint8, or a code (1, S) float32.

        Raises:
            MemoryShortError: memory ran out.
            WeightsError: it cannot be computed, or is of another shape.
        """
        given = {name: np.ascontiguousarray(value) for name, value in inputs.items()}
        name = format_path(self.path)
        try:
            (result,) = self._session.run(None, given)
        # onnxruntime has an error of its own for each of its states.
        except Exception as error:
            if _is_shortage(error):
                raise MemoryShortError(
                    f"memory ran out while {name} was painting: pass a smaller --size, or free "
                    "some memory"
                ) from None
            raise WeightsError(f"{name} cannot be computed ({_first_line(error)})") from None
        computed: NDArray[Any] = result
        wished = (*given["image"].shape[:2], 3) if "image" in given else (1, computed.size)
        if computed.shape != wished or not computed.size:
            sides = " x ".join(map(str, computed.shape)) or "one number"
            raise WeightsError(
                f"{name} has made {sides} where {' x '.join(map(str, wished))} belong, as no "
                "network does that impasto exports: export it again"
            )
        return computed


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            what = "is no regular file" if path.exists() else "does not exist"
            raise WeightsError(f"{name} {what}: name a file that impasto export wrote")
        count = path.stat().st_size
        if count > LARGEST:
            raise WeightsError(
                f"{name} has {count:,} bytes, and no network of impasto has more than "
                f"{LARGEST:,}: name a file that impasto export wrote"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise WeightsError(f"{name} cannot be read ({reason_of(error)}): check the name") from None


def _check(contents: Contents, name: str) -> None:
    """Refuse whatever `impasto export` does not write."""
    if contents.text.get("impasto") != FORMAT:
        raise WeightsError(
            f"{name} is no network that this impasto exported: make one with impasto export"
        )
    strange = ""
    if contents.is_external:
        strange = "keeps numbers in another file"
    elif contents.is_nested:
        strange = "holds functions or graphs within its graph"
    elif contents.unknown:
        strange = f"computes with {contents.unknown[0][:60]!a}"
    if strange:
        raise WeightsError(
            f"{name} {strange}, as no network does that impasto exports: export it again"
        )


def _cores() -> int:
    """How many cores this process may use; onnxruntime would bind itself to all there are."""
    usable = getattr(os, "sched_getaffinity", None)
    return (os.cpu_count() or 1) if usable is None else len(usable(0))


def _session(data: bytes, name: str, threads: int, lean: bool) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingPackageError(name, "onnxruntime", "onnxruntime") from None
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is told here, in one sentence
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = not lean
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # A thread that waits sleeps: other programs need the processor too.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        # From bytes: there is no folder in which anything else could be looked for.
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        if _is_shortage(error):
            raise MemoryShortError(
                f"{name} does not fit in the memory that is free: free some"
            ) from None
        raise _broken(name, f" ({_first_line(error)})") from None


def _ends(session: Any) -> tuple[dict[str, str], dict[str, str]]:
    """The inputs and the outputs of a session with their types."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    return {v.name: v.type for v in inputs}, {v.name: v.type for v in outputs}


def _is_shortage(error: Exception) -> bool:
    said = str(error).lower()
    return isinstance(error, MemoryError) or "allocat" in said or "bad_alloc" in said


def _first_line(error: Exception) -> str:
    line = next(iter(str(error).splitlines()), type(error).__name__)
    return line if len(line) <= 120 else f"{line[:119]}…"


def _broken(name: str, why: str = "") -> WeightsError:
    return WeightsError(f"{name} is no ONNX file, or a damaged one{why}: export it again")
