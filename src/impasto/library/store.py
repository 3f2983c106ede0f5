"""The user's own style pictures: copies in one folder, and an index of what was measured."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

from impasto import imaging
from impasto.errors import (
    ImpastoError,
    InputError,
    OutputError,
    UnknownNameError,
    reason_of,
)
from impasto.files import file_lock, file_sha256, replacing
from impasto.imaging.codecs.formats import by_suffix
from impasto.library.attributes import Attributes, measure
from impasto.library.bundled import bundled_entries
from impasto.library.searching import Entry
from impasto.painters.painted import source_of
from impasto.text import format_path

__all__ = ["Added", "Library", "library_folder"]

VARIABLE = "IMPASTO_LIBRARY"
FORMAT = "impasto library 1"
INDEX, PICTURES, LOCK = "index.json", "pictures", "library.lock"
PATIENCE_S = 60.0  # for another process that adds a picture
POLL_S = 0.1
MOST_NAME = 60  # characters, so that the name of a file has room for its number and its ending


def library_folder() -> Path:
    """The folder of the library, whether or not it is there.

    It is `library` in the system's data folder for impasto, or what `IMPASTO_LIBRARY` names.
    """
    import platformdirs

    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_data_path("impasto", False) / "library"


@dataclass(frozen=True)
class Added:
    """What became of a file that was to be added.

    Attributes:
        file: as it was named or found.
        name: in the library; empty if it was left out.
        was_there: whether the library had that very picture already.
        problem: why it was left out; empty if it was not.
    """

    file: Path
    name: str = ""
    was_there: bool = False
    problem: str = ""


@dataclass(frozen=True)
class _Row:
    file: str
    sha256: str
    title: str
    attributes: Attributes

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "attributes": self.attributes.as_json()}


class _DamagedError(Exception):
    """An index that is none."""


class Library:
    """The library in a folder.

    Pictures are copied into it, so that it goes on working when the files they came from are moved
    or deleted. Several processes may use it at once.

    Args:
        folder: `library_folder()` if left out.
        on_note: called with a sentence about what had to be mended.
    """

    def __init__(
        self, folder: Path | None = None, on_note: Callable[[str], None] = lambda _note: None
    ) -> None:
        self.folder = library_folder() if folder is None else folder
        self._on_note = on_note

    def entries(self) -> list[Entry]:
        """Every picture, by name.

        Raises:
            InputError: the index cannot be read.
        """
        rows = self._read()
        return [Entry(name, rows[name].title, rows[name].attributes) for name in sorted(rows)]

    def names(self) -> list[str]:
        """The name of every picture, in their order.

        Raises:
            InputError: the index cannot be read.
        """
        return sorted(self._read())

    def path_of(self, name: str) -> Path | None:
        """The file of a picture; None if there is none of that name.

        Raises:
            InputError: the index cannot be read.
        """
        row = self._read().get(name)
        return None if row is None else self.folder / PICTURES / row.file

    def add(self, files: Iterable[Path], title: str = "") -> Iterator[Added]:
        """Copy pictures into the library, and measure them.

        Args:
            files: pictures, or folders, of which every picture is taken, those in folders inside
                too.
            title: of a single picture, to be found by; its file's name is read if left out.

        Yields:
            What became of each, as soon as it is known.

        Raises:
            InputError: a title for several, a file or folder that does not exist, or an index that
                cannot be read.
            OutputError: the library's folder cannot be written.
        """
        found = [file for each in files for file in _pictures(each)]
        self._read()  # whatever is wrong with the library is wrong for all of them
        if title and len(found) != 1:
            raise InputError(f"a title for {len(found)} pictures: give one picture with a title")
        for file in found:
            try:
                yield self._add(file, title)
            except OutputError:
                raise
            except (ImpastoError, OSError) as error:
                yield Added(file, problem=str(error) or reason_of(error))

    def remove(self, name: str) -> None:
        """Take a picture out of the library; the file that it was copied from stays.

        Raises:
            UnknownNameError: no picture has that name.
            OutputError: the library's folder cannot be written.
        """
        with self._changing() as rows:
            if name not in rows:
                raise UnknownNameError("picture of the library", name, sorted(rows))
            del rows[name]

    def _add(self, file: Path, title: str) -> Added:
        sha256 = file_sha256(file)
        for name, row in self._read().items():
            if row.sha256 == sha256 and not title:
                return Added(file, name, was_there=True)
        attributes, title = measure(imaging.read(file)), _plain(title)
        with self._changing() as rows:
            for name, row in rows.items():  # another process may have added it meanwhile
                if row.sha256 == sha256:
                    rows[name] = _Row(row.file, sha256, title or row.title, row.attributes)
                    return Added(file, name, was_there=True)
            painted = source_of(file)
            name = _free_name(file.stem if painted is None else painted.painter, rows)
            row = _Row(f"{name}{file.suffix.lower()}", sha256, title or _title(file), attributes)
            rows[name] = row
            with replacing(self.folder / PICTURES / row.file) as draft:
                shutil.copyfile(file, draft)
        return Added(file, name)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, _Row]]:
        """The rows, alone with them; what they are in the end is written, whole or not at all.

        Copies that no row names any more go once that is written; those that no row came to name,
        for want of room say, go at once.
        """
        try:
            (self.folder / PICTURES).mkdir(parents=True, exist_ok=True)
            lock = self.folder / LOCK
            with file_lock(lock, poll_s=POLL_S, on_wait=lambda: None, patience_s=PATIENCE_S):
                try:
                    rows = self._parsed()
                except _DamagedError:
                    rows = self._rebuilt()
                before = {row.file for row in rows.values()}
                try:
                    yield rows
                    self._write(rows)
                except BaseException:
                    self._drop({row.file for row in rows.values()} - before)
                    raise
                self._drop(before - {row.file for row in rows.values()})
        except OSError as error:
            raise OutputError(
                f"the library in {format_path(self.folder)} cannot be written "
                f"({reason_of(error)}): name another folder by {VARIABLE}"
            ) from None

    def _write(self, rows: dict[str, _Row]) -> None:
        text = {name: row.as_json() for name, row in sorted(rows.items())}
        with replacing(self.folder / INDEX) as draft:
            draft.write_text(
                json.dumps({"format": FORMAT, "pictures": text}, ensure_ascii=False),
                encoding="utf-8",
            )

    def _drop(self, files: Iterable[str]) -> None:
        for file in files:
            (self.folder / PICTURES / file).unlink(missing_ok=True)

    def _read(self) -> dict[str, _Row]:
        """The rows of the index, which is mended first if it is damaged."""
        try:
            return self._parsed()
        except _DamagedError:
            with self._changing() as rows:
                return dict(rows)

    def _parsed(self) -> dict[str, _Row]:
        path = self.folder / INDEX
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            if any(map(by_suffix, (self.folder / PICTURES).glob("*"))):
                raise _DamagedError("it is gone, and its pictures are there") from None
            return {}
        except OSError as error:
            raise InputError(
                f"the library's index {format_path(path)} cannot be read ({reason_of(error)}): "
                f"make it readable, or name another folder by {VARIABLE}"
            ) from None
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise ValueError(data["format"])
            if not all(_lies_here(row["file"]) for row in data["pictures"].values()):
                raise ValueError("a picture lies elsewhere")
            return {
                name: _Row(
                    str(row["file"]),
                    str(row["sha256"]),
                    str(row["title"]),
                    Attributes.from_json(row["attributes"]),
                )
                for name, row in data["pictures"].items()
            }
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise _DamagedError(str(error)) from None

    def _rebuilt(self) -> dict[str, _Row]:
        """What the pictures say for themselves; titles but for the files' names are lost."""
        rows = {}
        for file in sorted((self.folder / PICTURES).glob("*")):
            if not file.is_file() or by_suffix(file) is None:
                continue
            try:
                attributes = measure(imaging.read(file))
            except ImpastoError:
                continue
            rows[file.stem] = _Row(file.name, file_sha256(file), _title(file), attributes)
        self._on_note(
            f"the library's index {format_path(self.folder / INDEX)} is damaged or gone: its "
            f"{len(rows)} pictures are measured anew, and titles that were given are lost"
        )
        return rows


def _pictures(path: Path) -> list[Path]:
    """A file, or the pictures of a folder and of those inside, by name."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file() and by_suffix(file))
    if not path.exists():
        raise InputError(f"{format_path(path)} does not exist: name a picture or a folder")
    return [path]


def _title(file: Path) -> str:
    if (painted := source_of(file)) is not None:
        return painted.text
    return _plain(re.sub("[_-]+", " ", file.stem))


def _plain(title: str) -> str:
    """A title on one line, without what a screen obeys or what is no character of Unicode's."""
    shown = (" " if category(letter) in ("Cc", "Cs") else letter for letter in title)
    return " ".join("".join(shown).split())


def _lies_here(file: str) -> bool:
    """Whether the name in an index is that of a file in the folder of pictures."""
    return bool(file) and "\0" not in file and Path(file).name == file


def _free_name(stem: str, rows: dict[str, _Row]) -> str:
    """A name that is a style's as it stands: without folder, ending and spaces, and not taken."""
    plain = re.sub(r"[^\w-]+", "-", stem.casefold().replace("_", "-"))[:MOST_NAME]
    plain = plain.strip("-") or "picture"
    taken = {*rows, *(entry.name for entry in bundled_entries())}
    names = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 3))
    return next(name for name in names if name not in taken)
