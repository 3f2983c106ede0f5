from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import pytest
from PIL import Image

from impasto.errors import FilmError, ImpastoError, OutputError
from impasto.media.film import Frame, open_source, probe
from impasto.media.frame import FilmInfo
from impasto.workflows.film.ask import asked
from impasto.workflows.film.events import FilmEvent, FilmFrame, FilmNote
from impasto.workflows.film.stream import stream
from tests.films import card
from tests.workflows.film.conftest import Smear

pytestmark = pytest.mark.usefixtures("smears")


class Camera:
    """Gives some frames, and is then cut off, or at its end."""

    def __init__(self, frames: int, error: BaseException | None) -> None:
        self.info = FilmInfo(Path("camera"), 48, 64, Fraction(25))
        self.notes: list[str] = []
        self._frames, self._error = frames, error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def __iter__(self) -> Iterator[Frame]:
        for number in range(self._frames):
            yield Frame(card(number), Fraction(number, 25), Fraction(1, 25))
        self.notes.append("the camera lost a frame")
        if self._error is not None:
            raise self._error


Filming = Callable[..., Iterator[FilmEvent]]


@pytest.fixture
def filming(monkeypatch: pytest.MonkeyPatch) -> Filming:
    """Paints what a camera gives."""

    def begin(
        output: Path, frames: int = 3, error: BaseException | None = None, **more: Any
    ) -> Any:
        monkeypatch.setattr("impasto.media.film.open_live", lambda _: Camera(frames, error))
        return stream(asked("camera", "swirls", output, live=True, **more), live=True)

    return begin


def test_what_a_live_film_cannot_be_joined_of_is_kept_and_named(
    filming: Filming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> list[str]:
        raise OutputError("the disk is full")

    monkeypatch.setattr("impasto.media.film.join", full)
    with pytest.raises(ImpastoError, match=r"disk is full; what was painted is kept in .*\.nut"):
        list(filming(tmp_path / "out.mkv"))
    (kept,) = tmp_path.iterdir()
    assert probe(kept).codec == "h264"
    before = kept.read_bytes()
    with pytest.raises(OutputError, match="has an earlier film"):
        list(filming(tmp_path / "out.mkv"))
    assert kept.read_bytes() == before


def test_a_picture_says_what_stays_of_all_that_a_camera_gives(
    filming: Filming, tmp_path: Path
) -> None:
    mask, output = tmp_path / "mask.png", tmp_path / "out.mkv"
    left = Image.new("L", (64, 48), 0)
    left.paste(255, (0, 0, 32, 48))
    left.save(mask)
    list(filming(output, codec="ffv1", keep=mask))
    with open_source(output) as film:
        for number, frame in enumerate(film):
            assert (frame.pixels[:, :32] == card(number)[:, :32]).all()
            assert (frame.pixels[:, 32:] != card(number)[:, 32:]).any()


def test_what_reading_the_styles_has_to_say_is_told_of_a_camera_too(
    filming: Filming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Smear, "notes", ("the style is damaged",))
    assert FilmNote("the style is damaged") in list(filming(tmp_path / "out.mkv"))


@pytest.mark.parametrize("error", [FilmError("it fell down"), KeyboardInterrupt()])
def test_a_live_film_that_an_error_ends_is_whole(
    filming: Filming, tmp_path: Path, error: BaseException
) -> None:
    output = tmp_path / "out.mkv"
    with pytest.raises((ImpastoError, KeyboardInterrupt)) as raised:
        list(filming(output, 3, error))
    if isinstance(error, FilmError):
        assert str(raised.value).startswith("it fell down; the film so far is in ")
        assert isinstance(raised.value, ImpastoError)
        assert raised.value.exit_code == error.exit_code
    with open_source(output) as film:
        assert len(list(film)) == 3
    assert list(tmp_path.iterdir()) == [output]


def test_a_live_film_without_a_frame_leaves_nothing(filming: Filming, tmp_path: Path) -> None:
    with pytest.raises(FilmError, match=r"it fell down$"):
        list(filming(tmp_path / "out.mkv", 0, FilmError("it fell down")))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_while_a_live_film_is_painted_is_told_once(
    filming: Filming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("no room")

    events = filming(tmp_path / "out.mkv")
    next(event for event in events if isinstance(event, FilmFrame))
    for name in ("add", "_write"):
        monkeypatch.setattr(f"impasto.media.writer.SegmentWriter.{name}", full)
    with pytest.raises(OutputError, match=r"^no room$"):
        list(events)
    assert list(tmp_path.iterdir()) == []


def test_what_a_camera_has_to_say_is_told_in_the_end(filming: Filming, tmp_path: Path) -> None:
    events = list(filming(tmp_path / "out.mkv"))
    assert FilmNote("the camera lost a frame") in events


def test_numbered_pictures_of_a_camera_make_their_folder(filming: Filming, tmp_path: Path) -> None:
    list(filming(tmp_path / "new" / "%03d.png", 2))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["001.png", "002.png"]
