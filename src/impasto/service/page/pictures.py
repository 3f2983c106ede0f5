"""Pictures as the page shows them: made small and put into the page itself, or into its own folder.

All of them are pictures that a worker wrote, samples, or uploads that a worker has decoded already.
"""

from __future__ import annotations

import base64
import hashlib
import io
import threading
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from PIL import Image

from impasto import imaging
from impasto.errors import ImpastoError, JobStateError, UnknownJobError
from impasto.files import replacing
from impasto.imaging.codecs.formats import sniff
from impasto.reports.sheet import PAPER
from impasto.service.client import Client
from impasto.service.contract import VIDEO, JobOut, State
from impasto.service.lru_cache import LruCache
from impasto.settings import StyleSettings
from impasto.settings.recipe_writing import recipe_of
from impasto.task import Role

__all__ = [
    "SHOWN",
    "Downloads",
    "JobPictures",
    "address_of",
    "compared",
    "copy_named",
    "data_url",
    "downloads",
    "input_copy",
]

THUMBNAIL = 96  # px of a style's picture in the corner of a card
SHOWN = 1024  # px of the longest side: more than the page is wide, so that screens of today are met
QUALITY = 86
KEPT = 1024  # addresses of pictures, mostly of cards of some 15 kB
MOST_OPENED = 30_000_000  # px of an upload that is opened here, after its worker has painted of it
# One at a time: what a visitor sent may take half a gigabyte while it is opened.
_OPENING = threading.Lock()


class Downloads(dict[str, Path]):
    """Files for a finished painting by what they are for: png, jpeg, recipe."""


def data_url(picture: bytes | Path, side: int = SHOWN) -> str:
    """A picture of our own as an address that holds it whole (data:).

    Args:
        picture: its bytes, or its file.
        side: px of the longest side it is made smaller to.
    """
    with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as opened:
        opened.draft("RGB", (side, side))
        opaque = _opaque(opened)
    opaque.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    opaque.save(buffer, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


class JobPictures:
    """What jobs have painted, as data: addresses; the last ones are kept.

    A job that has ended paints no more: its picture is asked for once.
    """

    def __init__(self) -> None:
        self._kept, self._thumbnails = LruCache[str](KEPT), LruCache[str](KEPT)

    def of(self, client: Client, job: JobOut, side: int = SHOWN) -> str:
        """The picture of a job: finished, or so far; empty where there is none.

        Args:
            client: of the API.
            job: any.
            side: px of the longest side it is made smaller to.
        """
        if job.state == State.QUEUED and not job.step:
            return ""
        try:
            if job.ended:
                return self._kept.get((job.id, side), lambda: data_url(_painted(client, job), side))
            if (preview := client.preview(job.id)) is None:
                return ""
        except (UnknownJobError, LookupError):  # removed meanwhile, or never had one
            return ""
        key = hashlib.sha256(preview).digest(), side
        return self._kept.get(key, lambda: data_url(preview, side))

    def of_styles(self, client: Client, job: JobOut) -> tuple[str, ...]:
        """Small pictures of a job's styles; of a job that has painted, so that its worker has
        decoded them. What is gone, or opens here in no way, has none."""
        pictures = []
        for role, digest in job.inputs.items():
            if Role.parse(role).kind != "style":
                continue
            make = partial(_input_thumbnail, client, job.id, role)
            pictures.append(self._thumbnails.get(digest, make))
        return tuple(filter(None, pictures))


def _input_thumbnail(client: Client, id: str, role: str) -> str:
    """A picture that was posted, small; empty where it is gone, opens here in no way, or is too
    large to be opened here."""
    try:
        picture = client.input(id, role)
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > MOST_OPENED:
                return ""
        with _OPENING:
            return data_url(picture, THUMBNAIL)
    except (ImpastoError, OSError, ValueError, Image.DecompressionBombError):
        return ""


def _painted(client: Client, job: JobOut) -> bytes:
    """What a job that has ended has painted.

    Raises:
        LookupError: nothing.
    """
    if job.state == State.FINISHED and job.kind != VIDEO:
        try:
            return client.image(job.id)
        except JobStateError:  # its file is gone
            pass
    if (preview := client.preview(job.id)) is None:
        raise LookupError(job.id)
    return preview


def compared(client: Client, job: JobOut, folder: Path) -> tuple[Path, Path] | None:
    """The photograph and its painting, of one size, as JPEG files in `folder`.

    Returns:
        Their paths; None where the photograph is too large to be opened here, or not there.
    """
    before, after = folder / f"before-{job.id}.jpg", folder / f"after-{job.id}.jpg"
    if before.exists() and after.exists():
        return before, after
    with _OPENING:
        made = before.exists() and after.exists()  # by who was before us
        return (before, after) if made else _compared(client, job, folder, before, after)


def _compared(
    client: Client, job: JobOut, folder: Path, before: Path, after: Path
) -> tuple[Path, Path] | None:
    settings = StyleSettings(**job.settings)
    try:
        with Image.open(io.BytesIO(client.image(job.id))) as opened:
            painting = _opaque(opened)
        with TemporaryDirectory(dir=folder) as temporary:
            upload = input_copy(client, job, "content", Path(temporary))
            with Image.open(upload) as opened:
                if opened.width * opened.height > MOST_OPENED:
                    return None
            photograph = imaging.fitted(
                imaging.read(upload, max_megapixels=settings.max_megapixels),
                size=settings.size,
                shape=settings.shape,
                fit=settings.fit,
                crop=settings.crop,
                upscale=settings.upscale,
            )
    except (ImpastoError, OSError, ValueError, Image.DecompressionBombError):
        return None
    reduced = Image.fromarray((photograph.floats * 255).round().astype("uint8"))
    for path, picture in ((before, reduced.resize(painting.size)), (after, painting)):
        picture.thumbnail((2 * SHOWN, 2 * SHOWN), Image.Resampling.LANCZOS)
        with replacing(path) as draft:
            picture.save(draft, "JPEG", quality=92)
    return before, after


def address_of(path: Path) -> str:
    """Where a browser finds a file of the page's folder, from the page's own address on."""
    return f"gradio_api/file={quote(str(path))}"


def input_copy(client: Client, job: JobOut, role: str, folder: Path) -> Path:
    """A picture that was posted with a job, as a file in `folder` whose name says what it is.

    Raises:
        ImpastoError: it is not there any more.
        OSError: it cannot be written.
    """
    digest = job.inputs.get(role, "")[:16]
    if digest and (copy := copy_named(digest, folder)) is not None:
        return copy
    data = client.input(job.id, role)
    kind = sniff(data[:64].ljust(16, b"\0"))
    path = folder / f"{digest}{kind.suffixes[0] if kind else '.bin'}"
    with replacing(path) as draft:
        draft.write_bytes(data)
    return path


def copy_named(digest: str, folder: Path) -> Path | None:
    """The copy that `input_copy` made, by the beginning of its SHA-256; None if it is gone."""
    return next(folder.glob(f"{digest}.*"), None)


def downloads(client: Client, job: JobOut, folder: Path) -> Downloads:
    """The files a person may take away from a finished painting, in `folder`, under names to keep.

    Raises:
        ImpastoError: it has painted none; they cannot be written.
    """
    name = f"impasto-{job.id[:8]}"
    place = folder / job.id
    place.mkdir(parents=True, exist_ok=True)
    png, jpeg, recipe = (place / f"{name}{ending}" for ending in (".png", ".jpg", ".toml"))
    if not png.exists():
        _write(png, client.image(job.id, "png"))
    if not jpeg.exists():
        _write(jpeg, client.image(job.id, "jpeg"))
    if not recipe.exists():
        _write(recipe, recipe_text(job).encode())
    return Downloads(png=png, jpeg=jpeg, recipe=recipe)


def _write(path: Path, data: bytes) -> None:
    with replacing(path) as draft:
        draft.write_bytes(data)


def recipe_text(job: JobOut) -> str:
    """The recipe file of a job."""
    return recipe_of(StyleSettings(**job.settings))


def _opaque(picture: Image.Image) -> Image.Image:
    """8-bit RGB, on paper where it is transparent."""
    if picture.mode.startswith("I"):  # 16-bit grey, which Pillow converts by cutting off
        picture = picture.point(lambda value: value / 257).convert("L")
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, (*PAPER, 255))
    return Image.alpha_composite(paper, layer).convert("RGB")
