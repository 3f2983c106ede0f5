"""A picture of a batch painted by another machine: its bytes go there, those of its painting come.

Nothing is written there that stays, so the machines need no files in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from impasto.errors import ImpastoError, OutputError, reason_of
from impasto.files import make_folder, replacing
from impasto.imaging.files import picture_bytes
from impasto.settings import StyleSettings
from impasto.text import format_path
from impasto.workflows.batch.events import Note
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.worker import Failure, Success, WorkerReport, paint_item
from impasto.workflows.parcels import Parcel, unpacked

__all__ = ["Painting", "Sent", "kept", "paint_sent", "sent"]


@dataclass(frozen=True)
class Sent:
    """A picture as it travels.

    Attributes:
        item: what to paint.
        parcel: its file.
        refusal: why that could not be read; None if it could.
    """

    item: Item
    parcel: Parcel = field(repr=False)
    refusal: str | None = None


@dataclass(frozen=True)
class Painting(Success):
    """A painted picture as it travels back.

    Attributes:
        data: the bytes of its file.
    """

    data: bytes = field(repr=False)


def sent(items: Iterable[Item], max_megapixels: float) -> Iterator[Sent]:
    """Pictures, each read when its turn comes.

    Args:
        items: to paint.
        max_megapixels: as in the settings.
    """
    for item in items:
        name = format_path(item.content)
        try:
            data, _ = picture_bytes(item.content, name, max_megapixels=max_megapixels)
        except ImpastoError as error:
            yield Sent(item, Parcel(), str(error))
        else:
            yield Sent(item, Parcel({str(item.content): data}))


def paint_sent(
    picture: Sent, shared: Parcel, styles: Sequence[Path], settings: StyleSettings
) -> Iterator[WorkerReport]:
    """Paint one picture where it was sent to.

    Args:
        picture: as it was sent.
        shared: the files of the styles, and those that the settings name.
        styles, settings: of all pictures, as they are where they come from.

    Yields:
        What `paint_item` does, with a `Painting` in place of `Success`.
    """
    if picture.refusal is not None:
        yield Failure(picture.refusal)
        return
    with unpacked(shared, picture.parcel) as here:
        item = Item(here.path(picture.item.content), picture.item.name)
        folder = here.folder / "painted"
        folder.mkdir()
        own = here.settings(settings)
        for report in paint_item(item, folder, list(map(here.path, styles)), own):
            if isinstance(report, Success):
                data = (folder / item.name).read_bytes()
                yield Painting(report.shape, report.content_sha256, report.seconds, data)
            elif isinstance(report, Note):
                yield Note(here.words(report.line))
            elif isinstance(report, Failure):
                yield replace(report, reason=here.words(report.reason))
            else:
                yield report


def kept(painting: Painting, output: Path) -> Success | Failure:
    """Write a painting that has come, whole or not at all; its folder is made if it is missing.

    Args:
        painting: as it came.
        output: its file.
    """
    try:
        make_folder(output.parent, "choose another output folder")
        with replacing(output) as draft:
            draft.write_bytes(painting.data)
    except OutputError as error:
        return Failure(str(error))
    except OSError as error:
        reason = reason_of(error)
        return Failure(f"{format_path(output)} cannot be written ({reason}): make room for it")
    return Success(painting.shape, painting.content_sha256, painting.seconds)
