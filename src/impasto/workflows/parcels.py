"""Files on their way to a machine that has none of them: their bytes, under the names they have.

What is painted from them there comes out as it would here, and messages name them as here.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from impasto.errors import InputError, reason_of
from impasto.folders import process_folder
from impasto.settings import StyleSettings
from impasto.settings.model_files import moved_model
from impasto.task import IMAGE, start_file
from impasto.text import format_path

__all__ = ["Parcel", "Unpacked", "unpacked"]

PREFIX = "impasto-work-"


@dataclass(frozen=True)
class Parcel:
    """Files of one machine, to be laid down on another.

    Attributes:
        files: the bytes of each, by its path as it was given.
    """

    files: dict[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Parcel:
        """These files.

        Raises:
            InputError: one that cannot be read.

        Example:
            >>> from impasto import samples
            >>> list(Parcel.of([samples.style("swirls")]).files.values())[0][:2].hex()
            'ffd8'
        """
        files = {}
        for path in paths:
            try:
                files[str(path)] = path.read_bytes()
            except OSError as error:
                raise InputError(
                    f"{format_path(path)} cannot be sent ({reason_of(error)}): check the name and "
                    "its permissions"
                ) from None
        return cls(files)


@dataclass(frozen=True)
class Unpacked:
    """The files of parcels as they lie here.

    Attributes:
        folder: of its own, which is removed in the end.
        places: where each lies, by its path as it was given.
    """

    folder: Path
    places: dict[str, Path]

    def path(self, path: Path | str) -> Path:
        """Where a file lies; as it is where it was not sent."""
        return self.places.get(str(path), Path(path))

    def settings(self, settings: StyleSettings) -> StyleSettings:
        """Settings that name files as they lie here."""
        changes: dict[str, str] = {}
        if settings.model is not None:
            changes["model"] = moved_model(settings.model, lambda path: str(self.path(path)))
        if settings.weights_file is not None:
            changes["weights_file"] = str(self.path(settings.weights_file))
        if (start := start_file(settings.init)) is not None:
            changes["init"] = f"{IMAGE}{self.path(start)}"
        return settings.model_copy(update=changes)

    def words(self, text: str) -> str:
        """A message with the names that the files have where they come from."""
        for given, place in self.places.items():
            text = text.replace(format_path(place), format_path(given)).replace(str(place), given)
        return text


@contextmanager
def unpacked(*parcels: Parcel) -> Iterator[Unpacked]:
    """Parcels laid down in a folder of this machine while the block runs.

    Files that lay in one folder do so here too, since some are known by what lies beside them.

    Example:
        >>> with unpacked(Parcel({"in/a.png": b"A", "in/b.png": b"B"})) as here:
        ...     here.words(f"{here.path('in/b.png')} is empty")
        'in/b.png is empty'
    """
    folder = process_folder(Path(tempfile.gettempdir()), PREFIX)
    try:
        parents: dict[Path, Path] = {}
        places: dict[str, Path] = {}
        for parcel in parcels:
            for given, data in parcel.files.items():
                parent = parents.setdefault(Path(given).parent, folder / str(len(parents)))
                parent.mkdir(exist_ok=True)
                places[given] = parent / Path(given).name
                places[given].write_bytes(data)
        yield Unpacked(folder, places)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
