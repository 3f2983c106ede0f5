"""What a painting command writes, checked before the long work and kept in its checkpoint."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from itertools import chain, combinations, count
from pathlib import Path
from typing import Any

from impasto.cli.standard_input import STANDARD, Source, StandardInput
from impasto.cli.standard_output import check_takes_picture
from impasto.errors import CheckpointError, OutputError
from impasto.files import LONGEST_NAME, check_absent, check_name, check_place, same_file
from impasto.text import format_path

__all__ = ["Outputs", "check_distinct", "default_output", "output_of"]

PNG = "PNG"
RESCUE = ".checkpoint.safetensors"


@dataclass(frozen=True)
class Outputs:
    """Where a command writes.

    Attributes:
        output: the painted picture; None for standard output.
        plot: the loss curves.
        log: the events, one JSON object a line.
        save_every: steps between numbered pictures; 0 for none.
        checkpoint: the file to go on from, written anew each time.
        checkpoint_every: steps between two checkpoints.
        film: the painting as it comes about.
        chosen_format: name or ending of the picture's format; None where its name says it, and
            for PNG on standard output.
        deep_zoom: the folder of the picture in tiles.
        plan: that words came to, which a program is told beside the picture.
    """

    output: Path | None
    plot: Path | None = None
    log: Path | None = None
    save_every: int = 0
    checkpoint: Path | None = None
    checkpoint_every: int = field(default=25)
    film: Path | None = None
    chosen_format: str | None = None
    deep_zoom: Path | None = None
    plan: Mapping[str, Any] | None = None

    def check(
        self,
        inputs: list[Path],
        bits: int = 8,
        *,
        no_steps: str = "",
        overwrite: bool = False,
    ) -> None:
        """Refuse what could not be written at the end, or would overwrite an input.

        Args:
            inputs: files the run reads.
            bits: a channel in the output, 8 or 16.
            no_steps: what takes none, in words; empty where there will be some.
            overwrite: whether what is there already may be replaced; a checkpoint of a painting
                always may, and see `check_rescue` for that of other work.

        Raises:
            OutputError: naming the place and the remedy.
        """
        from impasto import imaging
        from impasto.reports.curves import check_plot
        from impasto.reports.film import check_film

        if no_steps:
            useless = {
                "plot": self.plot,
                "film": self.film,
                "checkpoint": self.checkpoint,
                "save-every": self.save_every,
            }
            for option in [name for name, value in useless.items() if value]:
                raise OutputError(
                    f"{no_steps} and takes no steps, so --{option} has nothing to write: leave it "
                    "out"
                )
        if self.output is None:
            self._check_standard_output(bits)
        else:
            check_name(self.output)
            if self.output.is_dir():
                raise OutputError(
                    f"{format_path(self.output)} is a folder: name a file for the picture"
                )
            kind = imaging.check_output(self.output, inputs=inputs, bits=bits)
            chosen = self.chosen_format
            if chosen is not None and imaging.check_format(chosen) != kind:
                raise OutputError(
                    f"{format_path(self.output)} ends as {kind} does, and --format is {chosen}: "
                    "leave one out"
                )
        if self.plot is not None:
            check_plot(self.plot)
        if self.film is not None:
            check_film(self.film)
        if self.deep_zoom is not None:
            imaging.check_deep_zoom(self.deep_zoom)
        places = self._places()
        for what, path in places.items():
            if str(path) == STANDARD:
                raise OutputError(
                    f"the {what} is written to a file, and {STANDARD} is standard output, which "
                    "takes the picture alone (-o -): name a file"
                )
            if path != self.deep_zoom:  # a folder
                check_place(path, inputs=inputs, replaced=what != "log")
        check_distinct(places)
        if self.output is not None and self.save_every:
            check_place(self.numbered(99_999))
        self._check_numbered([*inputs, *places.values()])
        if not overwrite:
            for path in self._replaced():
                check_absent(path)

    def check_shape(self, shape: tuple[int, int], *, by_bands: bool) -> None:
        """Refuse a size that the picture's format cannot hold, once it is known.

        Args:
            shape: (height, width) of the picture, in px.
            by_bands: whether it is never whole in memory.

        Raises:
            OutputError: naming a format that can.
        """
        from impasto import imaging

        if self.output is None:
            imaging.check_format(self.format, name=self.name, shape=shape)
        else:
            imaging.check_output(self.output, shape=shape, by_bands=by_bands)

    def check_rescue(self, *, overwrite: bool) -> None:
        """Refuse a place of the checkpoint that other work has, such as a film of this name.

        Args:
            overwrite: whether what is no checkpoint may be replaced; other work never is.

        Raises:
            OutputError: it is there.
        """
        if self.rescue is not None and self.rescue.exists():
            from impasto.methods import checkpoint, state_file

            state_file.check_own(
                self.rescue, checkpoint.FORMAT, "this painting", overwrite=overwrite
            )

    def _check_standard_output(self, bits: int) -> None:
        """Refuse what could not go to standard output, and what is called after a file's name."""
        from impasto import imaging

        imaging.check_format(self.chosen_format or PNG, name=self.name, bits=bits)
        if self.save_every:
            raise OutputError(
                "--save-every numbers pictures by the name of the output, and standard output has "
                "none: name a file with -o"
            )
        check_takes_picture()

    def _places(self) -> dict[str, Path]:
        """Every file that will or may be written, by what it is."""
        places = {"output": self.output, "plot": self.plot, "log": self.log, "film": self.film}
        places |= {"checkpoint": self.rescue, "deep zoom": self.deep_zoom}
        return {what: path for what, path in places.items() if path is not None}

    def _replaced(self) -> Iterator[Path]:
        """What a run writes anew where it is there already; a checkpoint is meant to be."""
        whole = self.output, self.plot, self.log, self.film
        yield from (path for path in whole if path is not None)
        with suppress(OSError):  # who writes it says what is wrong
            if self.deep_zoom is not None and any(self.deep_zoom.iterdir()):
                yield self.deep_zoom
        if self.output is not None and self.save_every:
            name = _numbered_name(self.output)
            files = sorted(self.output.absolute().parent.iterdir())
            yield from (file for file in files if name.fullmatch(file.name))

    def _check_numbered(self, others: list[Path]) -> None:
        """Refuse a file that one of the numbered pictures would overwrite."""
        if self.output is None or not self.save_every:
            return
        name = _numbered_name(self.output)
        folder = self.output.resolve().parent
        for path in others:
            if path.resolve().parent == folder and name.fullmatch(path.resolve().name):
                raise OutputError(
                    f"{format_path(path)} has the name of a numbered picture of "
                    f"{format_path(self.output)}: "
                    "choose another output"
                )

    @property
    def format(self) -> str:
        """Name of the picture's format; only of outputs that were checked."""
        from impasto.imaging.codecs.formats import by_suffix, writable_format

        word = self.chosen_format or PNG
        format = writable_format(word) if self.output is None else by_suffix(self.output)
        assert format is not None
        return format.name

    @property
    def name(self) -> str:
        """What people are told of where the picture goes."""
        return "standard output" if self.output is None else str(self.output)

    @property
    def rescue(self) -> Path | None:
        """Where a checkpoint goes when the run is interrupted; None for nowhere.

        One that nobody asked for lies beside the output, and beside standard output is no place.
        """
        if self.checkpoint is not None or self.output is None:
            return self.checkpoint
        stem = self.output.stem
        while len(os.fsencode(stem + RESCUE)) > LONGEST_NAME:  # nobody asked for its name
            stem = stem[:-1]
        return self.output.with_name(f"{stem}{RESCUE}")

    def numbered(self, step: int) -> Path:
        """Where the picture after a step goes; only where the output is a file."""
        assert self.output is not None
        return self.output.with_name(f"{self.output.stem}-{step:05d}{self.output.suffix}")

    def preview_every(self, steps: int) -> int:
        """Steps between two previews of a run of so many; 0 where nobody looks at them."""
        from impasto.reports.film import preview_every

        return preview_every(steps) if self.film is not None else 0

    def as_json(self) -> dict[str, Any]:
        """For a checkpoint: absolute paths, so that `resume` works from any folder."""
        record = {
            name: str(value.absolute()) if isinstance(value, Path) else value
            for name, value in asdict(self).items()
        }
        return record | ({"output": STANDARD} if self.output is None else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outputs:
        """The outputs of the run a checkpoint was written by.

        Raises:
            CheckpointError: if the checkpoint names none, as one from a library call.
        """
        if not data.get("output"):
            raise CheckpointError(
                "this checkpoint names no output: it was written by a program, which has to "
                "resume it itself with impasto.run(…, resume=…)"
            )
        names = {f.name for f in fields(cls)}
        values = {name: value for name, value in data.items() if name in names}
        for name in ("output", "plot", "log", "checkpoint", "film", "deep_zoom"):
            is_file = values.get(name) and values[name] != STANDARD
            values[name] = Path(values[name]) if is_file else None
        return cls(**values)


def _numbered_name(output: Path) -> re.Pattern[str]:
    """The names of the numbered pictures of an output."""
    return re.compile(rf"{re.escape(output.stem)}-\d{{5,}}{re.escape(output.suffix)}")


def output_of(
    output: str | None, sources: Iterable[Source], format: str | None = None
) -> Path | None:
    """The file that a picture goes to; None for standard output.

    Args:
        output: as it was typed; None for a name of what the picture is made of.
        sources: that it is made of.
        format: name or ending of its format, if one was typed.

    Raises:
        OutputError: there is no such format.

    Example:
        >>> output_of("-", []), output_of("out.png", []).name
        (None, 'out.png')
    """
    if output == STANDARD:
        return None
    if output is not None:
        return Path(output)
    from impasto import imaging
    from impasto.imaging.codecs.formats import by_name

    names = ["stdin" if isinstance(source, StandardInput) else source for source in sources]
    return default_output(names, by_name(imaging.check_format(format or PNG)).suffixes[0])


def check_distinct(places: Mapping[str, Path]) -> None:
    """Refuse two outputs in one place.

    Args:
        places: by what is written there.

    Raises:
        OutputError: naming both.

    Example:
        >>> check_distinct({"output": Path("a.png"), "plot": Path("./a.png")})
        Traceback (most recent call last):
        impasto.errors.OutputError: a.png is the output already: give the plot its own name
    """
    for (what, path), (other, there) in combinations(reversed([*places.items()]), 2):
        if same_file(path.resolve(), there.resolve()):
            raise OutputError(
                f"{format_path(path)} is the {other} already: give the {what} its own name"
            )


def default_output(names: Iterable[str | Path], suffix: str = ".png") -> Path:
    """Where a picture goes that was given no name: here, under the names it is made of.

    Args:
        names: of the photograph and its styles, or any others.
        suffix: of its format.

    Returns:
        `PHOTO-STYLE.png`, with -2, -3 … where that is there already.

    Example:
        >>> default_output(["in/photo.jpg", "swirls"]).name
        'photo-swirls.png'
    """
    from impasto.painters.painted import stem_of

    stem = "-".join(map(stem_of, names))
    while len(os.fsencode(f"{stem}-999{RESCUE}")) > LONGEST_NAME:  # nobody asked for its name
        stem = stem[:-1]
    numbered = (f"{stem}-{number}{suffix}" for number in count(2))
    return next(
        Path(name) for name in chain([f"{stem}{suffix}"], numbered) if not os.path.lexists(name)
    )
