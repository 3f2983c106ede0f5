"""What the try-on's process does: it shrinks a photograph, paints it small, and paints drafts.

Where CLIP is there it also looks at sample styles and reads words, so that styles can be ranked.

Each item is a small piece of work, so that what nobody waits for any more ends soon. The module
itself is loaded by the server too, so torch is imported where it is used.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from impasto import samples
from impasto.asked import Asked
from impasto.errors import ImpastoError
from impasto.reports.sheet import PAPER
from impasto.service.contract import PAINTING
from impasto.service.problems import problem_type, status_of
from impasto.task import Role

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.methods.one_pass.engine import Engine
    from impasto.networks.stylizers.painter import Hand
    from impasto.settings import StyleSettings

__all__ = [
    "SIDE",
    "Draft",
    "Item",
    "Look",
    "Palette",
    "Read",
    "Refusal",
    "Shrink",
    "Thumbnail",
    "WarmUp",
    "draft_settings",
    "work",
]

SIDE = 112  # px of a thumbnail, as of the samples' own
DRAFT_PX = 512  # longest side of a draft
ARRANGED_PX = 320  # of one that is arranged first, which takes longer and is asked for more often
# Longest side that a sample style is read at for thumbnails: at 512 its strokes are too fine to be
# seen so small, at `SIDE` they cover what is painted.
STYLE_PX = 224
STRENGTH = 0.5  # of the thumbnails: the recipe `default` has it
QUALITY = 88
# Of a painting's settings those that a draft heeds.
HEEDED: tuple[str, ...] = ("strength", "style_blend", "style_scale", "style_fit", "fit", "crop")
HEEDED += ("color", "palette", "tone", "keep_faces", "flat_colors", "lines")


@dataclass(frozen=True)
class WarmUp:
    """Load the network and read the sample styles.

    Attributes:
        nice: how far this process gives way to others from then on.
    """

    nice: int = 0


@dataclass(frozen=True)
class Shrink:
    """Cut the square out of a photograph's middle: `SIDE` px each way, RGB bytes row by row.

    Attributes:
        photograph: a file's bytes.
        max_megapixels: larger ones are refused.
    """

    photograph: bytes
    max_megapixels: float


@dataclass(frozen=True)
class Thumbnail:
    """Paint what `Shrink` gave in the style of a sample: a JPEG."""

    square: bytes
    style: str


@dataclass(frozen=True)
class Draft:
    """Paint a task in one pass, at most `DRAFT_PX` large, or `ARRANGED_PX`: a JPEG.

    Attributes:
        inputs: a file or its bytes, by role.
        settings: of the painting.
        max_megapixels: larger pictures are refused.
        kind: of the job, see `impasto.service.contract.KINDS`.
        options: of what is arranged.
    """

    inputs: Mapping[str, bytes | Path]
    settings: StyleSettings
    max_megapixels: float
    kind: str = PAINTING
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Palette:
    """Find the parts of a painting that a drawing is painted of: a list, as JSON.

    Attributes:
        inputs: a file or its bytes, by role: `style`, and `labels` where there are such.
        max_megapixels: larger pictures are refused.
    """

    inputs: Mapping[str, bytes | Path]
    max_megapixels: float


@dataclass(frozen=True)
class Look:
    """Let CLIP look at a sample style: its unit vector, as JSON.

    Attributes:
        clip: as `impasto.networks.clip.model.load` takes it.
        style: name of the sample.
    """

    clip: str
    style: str


@dataclass(frozen=True)
class Read:
    """Let CLIP read words: their unit vector, and the scale of similarities to it, as JSON."""

    clip: str
    words: str


@dataclass(frozen=True)
class Refusal:
    """What is wrong with an item, as a problem of HTTP.

    Attributes:
        status, kind, detail: as in `impasto.service.http.problems.Problem`.
    """

    status: int
    kind: str
    detail: str


Item: TypeAlias = WarmUp | Shrink | Thumbnail | Draft | Palette | Look | Read


def work(item: Item) -> Iterator[bytes | Refusal]:
    """Do an item.

    Args:
        item: any.

    Yields:
        What the item says; nothing for a `WarmUp`.

    Example:
        >>> from impasto import samples
        >>> (square,) = work(Shrink(samples.content("chelsea").read_bytes(), 1.0))
        >>> len(square) == SIDE * SIDE * 3
        True
        >>> next(work(Shrink(b"", 1.0))).status
        422
    """
    try:
        if isinstance(item, WarmUp):
            _warm_up(item)
        elif isinstance(item, Shrink):
            yield _square(item)
        elif isinstance(item, Thumbnail):
            yield _thumbnail(item)
        elif isinstance(item, Palette):
            yield _palette(item)
        elif isinstance(item, Look):
            yield _look(item)
        elif isinstance(item, Read):
            yield _read(item)
        else:
            yield _draft(item)
    except ImpastoError as error:
        kind = problem_type(error).rpartition(":")[2]
        yield Refusal(status_of(error), kind, " ".join(str(error).split()))


def _warm_up(item: WarmUp) -> None:
    if item.nice and hasattr(os, "nice"):
        os.nice(item.nice)
    _sample_hands()


def _square(item: Shrink) -> bytes:
    from PIL import Image, ImageOps

    from impasto import imaging

    limit, name = item.max_megapixels, Role("content").phrase
    picture = imaging.read(item.photograph, max_megapixels=limit, name=name)
    # A large photograph as floats would take four times the memory.
    pixels = picture.pixels if picture.bits == 8 else (picture.pixels >> 8).astype("uint8")
    upright = imaging.with_alpha(Image.fromarray(pixels), picture.alpha)
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    return _opaque(square).tobytes()


def _thumbnail(item: Thumbnail) -> bytes:
    from PIL import Image

    from impasto import imaging
    from impasto.imaging import tensors

    photo = tensors.preprocess(imaging.read(Image.frombytes("RGB", (SIDE, SIDE), item.square)))
    engine, hands = _sample_hands()
    ((_, _, painting),) = engine.paint(photo, hands[item.style])
    pixels = tensors.postprocess(painting)[0].permute(1, 2, 0)  # (H, W, 3)
    return _jpeg(imaging.array_to_pil(pixels.numpy()))


def _draft(item: Draft) -> bytes:
    from impasto import painting
    from impasto.methods.protocol import RunOptions
    from impasto.task import StyleTask

    inputs = dict(item.inputs)
    task: StyleTask[Any] | Asked[Any] = (
        StyleTask.from_roles(inputs)
        if item.kind == PAINTING
        else Asked(item.kind, item.options, inputs)
    )
    most = DRAFT_PX if item.kind == PAINTING else ARRANGED_PX
    settings = draft_settings(item.settings, item.max_megapixels, most)
    run = painting.paint(task, settings, RunOptions())
    for _ in run:
        pass
    return _jpeg(run.picture())


def _palette(item: Palette) -> bytes:
    from impasto.arrangements.doodle.palette import palette_of

    painting, labels = item.inputs["style"], item.inputs.get("labels")
    found = palette_of(painting, labels, max_megapixels=item.max_megapixels)
    return json.dumps([asdict(colour) for colour in found]).encode()


def _look(item: Look) -> bytes:
    from impasto.networks.clip import model, ranking

    vector = ranking.seen(model.load(item.clip), samples.style(item.style))
    return json.dumps(vector[0].tolist()).encode()


def _read(item: Read) -> bytes:
    from impasto.networks.clip import model, ranking

    clip = model.load(item.clip)
    vector = ranking.mean_of(clip, ("{}",), item.words)
    return json.dumps({"vector": vector[0].tolist(), "scale": clip.scale}).encode()


def draft_settings(
    settings: StyleSettings, max_megapixels: float = 100.0, most: int = DRAFT_PX
) -> StyleSettings:
    """The settings of a painting's draft: in one pass, small, on one thread of the CPU.

    Args:
        settings: of the painting.
        max_megapixels: larger pictures are refused.
        most: px of the longest side.

    Example:
        >>> from impasto.settings import StyleSettings
        >>> draft = draft_settings(StyleSettings(strength=0.8, shape=(600, 1200)))
        >>> draft.method, draft.strength, draft.shape
        ('one-pass', 0.8, (256, 512))
    """
    from impasto.settings import StyleSettings

    heeded = {name: getattr(settings, name) for name in HEEDED}
    shape = settings.shape
    if isinstance(shape, tuple):  # then there is no size
        share = min(1.0, most / max(shape))
        heeded["shape"] = tuple(max(1, round(side * share)) for side in shape)
    else:
        heeded |= {"shape": shape, "size": min(settings.size or most, most)}
    return StyleSettings(
        method="one-pass",
        device="cpu",  # a GPU's memory is the workers'
        threads=1,  # the workers paint meanwhile
        max_megapixels=min(settings.max_megapixels, max_megapixels),
        **heeded,
    )


@cache
def _sample_hands() -> tuple[Engine, dict[str, Hand]]:
    """The network, and what each sample style makes of its painter."""
    from impasto import imaging
    from impasto.methods.one_pass.ready import made_ready, read
    from impasto.settings import StyleSettings

    engine, _, settings = made_ready(draft_settings(StyleSettings()))
    hands = {}
    for name in samples.names("style"):
        style = imaging.read(samples.style(name))
        code = read(engine, style, None, (STYLE_PX, STYLE_PX), settings)
        hands[name] = engine.hand(code, STRENGTH)
    return engine, hands


def _opaque(picture: Image) -> Image:
    """On paper where it is transparent."""
    from PIL.Image import alpha_composite, new

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    return alpha_composite(new("RGBA", picture.size, PAPER), picture).convert("RGB")


def _jpeg(picture: Image) -> bytes:
    buffer = io.BytesIO()
    _opaque(picture).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
