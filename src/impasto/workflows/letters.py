"""Many letterings in one style: one of each line of a list, each in its own file."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from impasto.asked import Asked
from impasto.errors import ImpastoError, InputError, OutputError, SettingError, reason_of
from impasto.files import file_sha256, same_file
from impasto.methods.protocol import RunOptions
from impasto.painting import paint
from impasto.samples.lookup import sample_or
from impasto.settings import StyleSettings
from impasto.text import format_path
from impasto.workflows.batch.events import (
    BatchEvent,
    BatchStarted,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    Note,
)
from impasto.workflows.batch.fingerprint import content_sha256, fingerprint
from impasto.workflows.batch.manifest import Manifest, Record
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.runner import to_itself
from impasto.workflows.batch.worker import followed

__all__ = ["file_name", "plan", "read_list", "run", "spoken"]

PathLike: TypeAlias = str | os.PathLike[str]

LONGEST_NAME = 60  # characters of a text that its file is called after
NAMELESS = "lettering"  # of a text without a letter or digit
LARGEST_LIST = 1_000_000  # bytes


def read_list(path: PathLike) -> list[str]:
    """The texts of a list: one a line, UTF-8, with ``\\n`` for a line break within; empty lines and
    what is there a second time are left out.

    Raises:
        InputError: the file cannot be read, or has no line.
    """
    name = format_path(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_LIST + 1)
        if len(data) > LARGEST_LIST:
            raise InputError(f"{name} has more than {LARGEST_LIST:,} bytes: split it")
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(
            f"{name} is no UTF-8 text: save it as that, one lettering a line"
        ) from None
    except OSError as error:
        raise InputError(
            f"{name} cannot be read ({reason_of(error)}): name a text file, one lettering a line"
        ) from None
    texts = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not texts:
        raise InputError(f"{name} has no line with words: write one lettering a line")
    return texts


def file_name(text: str) -> str:
    """What the file of a text is called, without its ending: letters and digits of any script.

    Example:
        >>> file_name("春 Spring!"), file_name("../a\\\\b"), file_name("…")
        ('春-Spring', 'a-b', 'lettering')
    """
    kept = "".join(
        c if unicodedata.category(c)[0] in "LMN" else " "
        for c in unicodedata.normalize("NFC", text.replace("\\n", " "))
    )
    return "-".join(kept.split())[:LONGEST_NAME].strip("-") or NAMELESS


def plan(texts: Sequence[str], ending: str = ".png") -> list[Item]:
    """Each text with the name of its file; names that are alike are numbered.

    Args:
        texts: as `read_list` gives them.
        ending: of the files, with its dot.

    Example:
        >>> [item.name for item in plan(["Go!", "go?", "停"])]
        ['Go.png', 'go-2.png', '停.png']
    """
    taken: set[str] = set()
    items = []
    for text in texts:
        stem = file_name(text)
        names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
        # Beside each other even where capitals do not count.
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        items.append(Item(Path(text), name + ending))
    return items


def run(
    texts: Sequence[str],
    asked: Asked[str],
    output: PathLike,
    settings: StyleSettings,
    *,
    ending: str = ".png",
    on_fetch: Callable[[int, int | None], None] | None = None,
) -> Generator[BatchEvent, None, None]:
    """Paint a lettering of each text, event by event, as `impasto.workflows.batch.run` does.

    What is there already and was made of the same text, pictures, options and settings is skipped;
    the record of the output folder tells. A text that cannot be painted is an `ItemFailed`, and the
    others are painted all the same.

    Args:
        texts: as `read_list` gives them.
        asked: the lettering but for its text: options, and files or names of samples by role.
        output: the folder; made if it is missing.
        settings: complete.
        ending: of the files.
        on_fetch: called with (bytes here, bytes in all) while weights are fetched.

    Raises:
        ImpastoError: about the folder or the pictures, with the first event.
    """
    if "content" in asked.pictures:
        raise SettingError("glyphs are one lettering, and a list is many: leave one of them out")
    items = dict(zip(plan(texts, ending), texts, strict=True))
    pictures = {
        role: sample_or("style", name) if role == "style" else name
        for role, name in asked.pictures.items()
    }
    folder = Path(output)
    _check_inputs_stay(items, folder, pictures.values())
    job = _job(pictures, asked.options, settings)
    with to_itself(folder):
        manifest = Manifest(folder)
        done = {item for item, text in items.items() if _is_done(manifest, item, text, folder, job)}
        yield BatchStarted(len(items), len(items) - len(done), 1, settings.steps)
        told: set[str] = set()
        for item, text in items.items():
            if item in done:
                yield ItemSkipped(item)
                continue
            yield ItemStarted(item, 0, os.getpid())
            words = Asked(asked.kind, {**asked.options, "text": spoken(text)}, pictures)
            try:
                for event in _painted(words, item, folder, settings, on_fetch):
                    if isinstance(event, Note):
                        if event.line in told:
                            continue
                        told.add(event.line)
                    if isinstance(event, ItemDone):
                        manifest.add(_record(event, text, job))
                    yield event
            except ImpastoError as error:
                yield ItemFailed(item, 0, str(error))


def spoken(text: str) -> str:
    r"""A text that was typed in one line, with its line breaks.

    Example:
        >>> spoken(r"two\nlines").splitlines()
        ['two', 'lines']
    """
    return text.replace("\\n", "\n")


def _painted(
    asked: Asked[Any],
    item: Item,
    folder: Path,
    settings: StyleSettings,
    on_fetch: Callable[[int, int | None], None] | None,
) -> Generator[BatchEvent, None, None]:
    painting = paint(asked, settings, RunOptions(on_fetch=on_fetch))
    for report in followed(painting):
        yield report if isinstance(report, Note) else report.of(item, 0)
    result = painting.result()
    place = folder / item.name
    result.save(place)
    yield ItemDone(item, 0, place, painting.shape, _sha256(asked.options["text"]), painting.seconds)


def _job(
    pictures: Mapping[str, PathLike], options: Mapping[str, Any], settings: StyleSettings
) -> str:
    """A hash of all that shapes the letterings but their texts."""
    shown = fingerprint([Path(pictures["style"])], settings)
    others = {role: _file_sha256(Path(p)) for role, p in pictures.items() if role != "style"}
    font = options.get("font")
    told = {**options, "font": None if font is None else _file_sha256(Path(font))}
    return _sha256(json.dumps([shown, others, told], sort_keys=True))


def _is_done(manifest: Manifest, item: Item, text: str, folder: Path, job: str) -> bool:
    record = manifest.get(item.name)
    return (
        record is not None
        and record.job_sha256 == job
        and record.content_sha256 == _sha256(spoken(text))
        and record.output_sha256 == content_sha256(folder / item.name)
    )


def _record(event: ItemDone, text: str, job: str) -> Record:
    return Record(
        output=event.item.name,
        output_sha256=content_sha256(event.output) or "",
        content=text,
        content_sha256=event.content_sha256,
        job_sha256=job,
    )


def _file_sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise InputError(
            f"{format_path(path)} cannot be read ({reason_of(error)}): check the name"
        ) from None


def _check_inputs_stay(items: Iterable[Item], folder: Path, inputs: Iterable[PathLike]) -> None:
    """Refuse a folder in which a lettering would be written over a picture that it is made of.

    Raises:
        OutputError: naming the first.
    """
    for source in map(Path, inputs):
        for item in items:
            if same_file(source, folder / item.name):
                raise OutputError(
                    f"the lettering of {item.content} would overwrite the input "
                    f"{format_path(source)}: choose another output folder"
                )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
