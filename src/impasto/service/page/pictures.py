"""Pictures as the page shows them: made small and put into the page itself, or into its own folder.

All of them are pictures that a worker wrote, samples, or uploads that a worker has decoded already.
"""

from __future__ import annotations

import base64
import io
import shutil
from functools import lru_cache
from pathlib import Path

from PIL import Image

from impasto import imaging
from impasto.errors import ImpastoError
from impasto.files import replacing
from impasto.reports.sheet import PAPER
from impasto.service.http.images import Format, painted
from impasto.service.http.state import Studio
from impasto.service.jobs.files import Folder
from impasto.service.jobs.model import Job
from impasto.settings import StyleSettings, from_stored
from impasto.settings.recipe_writing import different, dumps

__all__ = ["Made", "compared", "inlined", "made", "recipe_text"]

SHOWN = 1024  # px of the longest side: more than the page is wide, so that screens of today are met
QUALITY = 86
MOST_COMPARED = 60_000_000  # px of a photograph that is opened beside its painting


class Made(dict[str, Path]):
    """Files for a finished painting by what they are for: png, jpeg, recipe."""


def inlined(path: Path, side: int = SHOWN) -> str:
    """A picture of our own as an address that holds it whole (data:); empty if it is not there.

    Args:
        path: of the picture.
        side: px of the longest side it is made smaller to.
    """
    try:
        return _inlined(path, path.stat().st_mtime_ns, side)
    except OSError:  # not there yet, or no longer
        return ""


@lru_cache(maxsize=128)
def _inlined(path: Path, mtime_ns: int, side: int) -> str:  # noqa: ARG001 - the time is the key
    with Image.open(path) as opened:
        opened.draft("RGB", (side, side))
        shown = _opaque(opened)
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    shown.save(buffer, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def compared(folder: Folder, job: Job, place: Path) -> tuple[Path, Path] | None:
    """The photograph and its painting, of one size, as JPEG files in `place`.

    Returns:
        Their paths; None where the photograph is too large to be opened here, or not there.
    """
    before, after = place / f"before-{job.id}.jpg", place / f"after-{job.id}.jpg"
    if before.exists() and after.exists():
        return before, after
    upload = folder.upload(job.inputs["content"])
    settings = from_stored(job.settings)
    try:
        with Image.open(folder.job(job.id) / "result.png") as opened:
            painting = _opaque(opened)
        with Image.open(upload) as opened:
            if opened.width * opened.height > MOST_COMPARED:
                return None
        photograph = imaging.fitted(
            imaging.read(upload, max_megapixels=settings.max_megapixels),
            size=settings.size,
            shape=settings.shape,
            fit=settings.fit,
            upscale=settings.upscale,
        )
    except (ImpastoError, OSError, ValueError, Image.DecompressionBombError):
        return None
    shown = Image.fromarray((photograph.floats * 255).round().astype("uint8"))
    for path, picture in ((before, shown.resize(painting.size)), (after, painting)):
        picture.thumbnail((2 * SHOWN, 2 * SHOWN), Image.Resampling.LANCZOS)
        with replacing(path) as draft:
            picture.save(draft, "JPEG", quality=92)
    return before, after


def made(studio: Studio, job: Job, place: Path) -> Made:
    """The files a person may take away from a finished painting, in `place`, under names to keep.

    Raises:
        JobStateError: it has painted none.
        OutputError: they cannot be written.
    """
    name = f"impasto-{job.id[:8]}"
    where = place / job.id
    where.mkdir(parents=True, exist_ok=True)
    files = Made(
        png=where / f"{name}.png", jpeg=where / f"{name}.jpg", recipe=where / f"{name}.toml"
    )
    formats: tuple[Format, ...] = ("png", "jpeg")
    for format in formats:
        if not files[format].exists():
            with replacing(files[format]) as draft:
                shutil.copyfile(painted(studio, job, format), draft)
    if not files["recipe"].exists():
        with replacing(files["recipe"]) as draft:
            draft.write_text(recipe_text(job), encoding="utf-8", newline="\n")
    return files


def recipe_text(job: Job) -> str:
    """The recipe file of a job: what its settings have that their recipe has not.

    What belongs to the machine is left out.
    """
    settings = from_stored(job.settings)
    own = StyleSettings(recipe=settings.recipe)
    fields = StyleSettings.model_fields
    machine = {
        name
        for name, field in fields.items()
        if isinstance(field.json_schema_extra, dict)
        and field.json_schema_extra["group"] == "Machine"
    }
    found = different(settings.model_dump(), own.model_dump())
    kept = {n: v for n, v in found.items() if n not in machine and n != "max_megapixels"}
    return dumps(kept, settings.recipe)


def _opaque(picture: Image.Image) -> Image.Image:
    """8-bit RGB, on paper where it is transparent."""
    if picture.mode.startswith("I"):  # 16-bit grey, which Pillow converts by cutting off
        picture = picture.point(lambda value: value / 257).convert("L")
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, (*PAPER, 255))
    return Image.alpha_composite(paper, layer).convert("RGB")
