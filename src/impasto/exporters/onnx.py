"""A one-pass network as ONNX files, checked against torch before they are kept.

An app has to know nothing of the network: pictures go in and come out as bytes, of any size, and
the frame that the network wants is made inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from impasto import __version__, files, imaging, samples
from impasto.errors import NonFiniteError, OutputError, PictureError, SettingError, reason_of
from impasto.exporters.modules import SMALLEST_SIDE, AnyStyle, OneStyle, Reads
from impasto.exporters.tracing import halved, needed, traced
from impasto.imaging.tensors import preprocess
from impasto.methods.inputs import painter_strength
from impasto.methods.one_pass.engine import Engine
from impasto.methods.pictures import plane
from impasto.networks import features
from impasto.networks.graphs import FORMAT, Graph
from impasto.networks.stylizers import OnePass
from impasto.networks.stylizers.reader import LAYERS
from impasto.samples.lookup import sample_or
from impasto.text import format_path

__all__ = ["Export", "any_style", "code_of", "one_style", "pair"]

MOST = 1  # level of 255 by which a graph may differ from torch
# (height, width) in px at which they are compared: sides that are and that are no multiples of 8.
CHECKED = (96, 136), (203, 331)
EXTRACTOR = "slim"
STYLE_SIDE = 512  # px of the longest side at which a style picture is read


@dataclass(frozen=True)
class Export:
    """What was written.

    Attributes:
        path: of the file.
        kind: as `impasto.networks.graphs.KINDS` names it.
        size: of the file, in bytes.
        difference: from torch, in levels of 255, the greatest of all that were seen.
    """

    path: Path
    kind: str
    size: int
    difference: int


@dataclass(frozen=True)
class _Draft:
    """A graph that is not written yet."""

    kind: str
    path: Path
    model: Any


def code_of(network: OnePass, style: str | Path) -> Tensor:
    """The code of a style, (S,).

    Args:
        network: any.
        style: a row of it, by name or number; or a picture, or a sample's name.

    Raises:
        PictureError: the picture cannot be read or is too small.
        SettingError: it has no such row, and reads no pictures.
    """
    is_number = isinstance(style, str) and style.isdecimal() and int(style) <= len(network.names)
    if network.reader is None or is_number or style in network.names:
        return network.code(str(style))
    picture = imaging.read(sample_or("style", style), name="the style image")
    picture = imaging.fitted(imaging.filled(picture), size=STYLE_SIDE)
    smallest = features.load(EXTRACTOR, [*LAYERS]).smallest_side
    if min(picture.height, picture.width) < smallest:
        raise PictureError(
            f"{picture.name} is {picture.width} x {picture.height} px, and the smallest style has "
            f"{smallest} px on its shorter side: pass a larger picture"
        )
    counts = None if picture.opacity is None else plane(picture.opacity)
    return Engine(network).code(preprocess(picture), counts).clone()  # which may be traced


def one_style(
    path: str | Path,
    network: OnePass,
    code: Tensor,
    *,
    name: str,
    style: str,
    strength: float = 0.5,
    half: bool = False,
) -> Export:
    """Write a graph that paints one style: its kernels are summed, what is left is plain.

    Its input is `image`, (H, W, 3) uint8, its output `painting`, (H, W, 3) uint8; sides from
    `SMALLEST_SIDE` px on. An image of four channels is taken too, and its transparency passed over.

    Args:
        path: of the file, which ends in `.onnx`.
        network: whose painter it is.
        code: of the style, (S,).
        name: of the network, for whoever reads the file.
        style: name of the style, likewise.
        strength: from 0, nearly the photograph, to 1, nearly the style.
        half: whether large tensors are kept as float16: half the size.

    Raises:
        MissingPackageError: a package of the extra `onnx` is missing.
        NonFiniteError: it paints otherwise than torch.
        OutputError: the place cannot be written.
    """
    needed()
    with torch.no_grad():
        module = OneStyle(network.painter, network.hand(code, painter_strength(strength)))
    model = traced(module, {"image": _blank()}, "painting", SMALLEST_SIDE)
    text = {"network": name, "style": style, "strength": f"{strength:g}"}
    return _written(
        [_Draft("baked", Path(path), model)],
        text,
        half,
        lambda graphs, image: graphs[0].run(image=image),
        module,
    )[0]


def any_style(
    path: str | Path, network: OnePass, *, name: str, half: bool = False
) -> tuple[Export, Export]:
    """Write two graphs: one paints by a code, the other reads the code off a style picture.

    `NAME-painter.onnx` takes `image` as in `one_style`, `code` (1, S) float32 and `strength`
    (1, 1) float32 from -1 to 1; `NAME-reader.onnx` takes `style`, (H, W, 3) uint8, and gives
    `code`. A blend of styles is a weighted mean of their codes.

    Args:
        path: `NAME.onnx`.
        network, name, half: as for `one_style`.

    Raises:
        SettingError: the network reads no style.
        MissingPackageError, NonFiniteError, OutputError: as for `one_style`.
    """
    if network.reader is None:
        raise SettingError(
            f"{name} paints {', '.join(network.names)} and reads no other style: export one of "
            "them with --style"
        )
    needed()
    extractor = features.load(EXTRACTOR, [*LAYERS])
    reads, paints = Reads(network.reader, extractor), AnyStyle(network.painter)
    code, strength = torch.zeros(1, network.plan.code), torch.zeros(1, 1)
    inputs = {"image": _blank(), "code": code, "strength": strength}
    painter, reader = pair(path)
    drafts = [
        _Draft("painter", painter, traced(paints, inputs, "painting", SMALLEST_SIDE)),
        _Draft(
            "reader",
            reader,
            traced(reads, {"style": _blank()}, "code", extractor.smallest_side),
        ),
    ]
    style = imaging.fitted(imaging.read(samples.style("starry-night")), size=256).pixels

    def computed(graphs: Sequence[Graph], image: Any) -> Any:
        read = graphs[1].run(style=style)
        return graphs[0].run(image=image, code=read, strength=strength.numpy())

    def wanted(image: Tensor) -> Tensor:
        painted: Tensor = paints(image, reads(torch.from_numpy(style)), strength)
        return painted

    smallest = {"reader": str(extractor.smallest_side)}
    text = {"network": name, "code": str(network.plan.code), "pair": _digest(network)}
    first, second = _written(drafts, text, half, computed, wanted, smallest)
    return first, second


def pair(path: str | Path) -> tuple[Path, Path]:
    """Where painter and reader go.

    Example:
        >>> [file.name for file in pair("my.onnx")]
        ['my-painter.onnx', 'my-reader.onnx']
    """
    path = Path(path)
    painter, reader = (path.with_name(f"{path.stem}-{kind}.onnx") for kind in ("painter", "reader"))
    return painter, reader


def _blank() -> Tensor:
    """A picture to trace with; of four channels, so that three and four may come."""
    return torch.zeros(*CHECKED[0], 4, dtype=torch.uint8)


def _written(
    drafts: Sequence[_Draft],
    text: Mapping[str, str],
    half: bool,
    computed: Callable[[Sequence[Graph], Any], Any],
    wanted: Callable[[Tensor], Tensor],
    smallest: Mapping[str, str] | None = None,
) -> list[Export]:
    """All graphs in their files, once they paint as torch does; or none of them.

    Args:
        drafts: what is to be written.
        text: what all files say of themselves.
        half: as for `one_style`.
        computed: the painting of an image by the graphs, opened from their drafts.
        wanted: the same by torch.
        smallest: side of the pictures that a kind takes, where it is not the painter's.
    """
    common = {**text, **_versions(), "weights": "float16" if half else "float32"}
    with ExitStack() as stack:
        places = []
        for draft in drafts:
            if half:
                halved(draft.model)
            side = (smallest or {}).get(draft.kind, str(SMALLEST_SIDE))
            _describe(draft, {**common, "smallest_side": side})
            try:
                place = stack.enter_context(files.replacing(draft.path))
                place.write_bytes(draft.model.SerializeToString(deterministic=True))
            except OSError as error:
                raise OutputError(
                    f"{format_path(draft.path)} cannot be written ({reason_of(error)}): choose "
                    "another place or make room"
                ) from None
            places.append(place)
        difference = _check([Graph(place, 1) for place in places], computed, wanted)
        sizes = [place.stat().st_size for place in places]
    return [
        Export(draft.path, draft.kind, size, difference)
        for draft, size in zip(drafts, sizes, strict=True)
    ]


def _check(
    graphs: Sequence[Graph],
    computed: Callable[[Sequence[Graph], Any], Any],
    wanted: Callable[[Tensor], Tensor],
) -> int:
    """By how many levels the graphs differ from torch at most.

    Raises:
        NonFiniteError: by more than `MOST`.
    """
    photo = imaging.read(samples.content("chelsea"))
    greatest = 0
    for shape in CHECKED:
        image = imaging.fitted(photo, shape=shape, fit="cover").pixels
        with torch.inference_mode():
            theirs = wanted(torch.from_numpy(image)).numpy()
        apart = int(np.abs(computed(graphs, image).astype(np.int16) - theirs).max())
        if apart > MOST:
            raise NonFiniteError(
                f"the graph differs from torch by {apart} levels of 255 at {shape[1]} x "
                f"{shape[0]} px, and {MOST} is the most that rounding makes: it is not written; "
                "tell the developers, with the versions of onnx, onnxruntime and torch"
            )
        greatest = max(greatest, apart)
    return greatest


def _digest(network: OnePass) -> str:
    """Of all numbers of a network, in hex: by it painter and reader know each other."""
    digest = hashlib.sha256()
    for tensor in network.state_dict().values():
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    """What the file was made and run with."""
    import onnx
    import onnxruntime

    return {
        "version": __version__,
        "made_with": f"onnx {onnx.__version__}",
        "run_with": f"onnxruntime {onnxruntime.__version__} on a CPU",
        "checked": f"{MOST} level of 255 from torch {torch.__version__} at most",
    }


def _describe(draft: _Draft, text: Mapping[str, str]) -> None:
    """Let a graph say what it is."""
    from onnx import helper

    does = {
        "baked": "Paints a photograph in one style.",
        "painter": "Paints a photograph in the style of a code.",
        "reader": "Reads the code of a style off a picture.",
    }
    model = draft.model
    model.producer_name, model.producer_version = "impasto", __version__
    model.doc_string = does[draft.kind]
    helper.set_model_props(model, {"impasto": FORMAT, "kind": draft.kind, **text})
