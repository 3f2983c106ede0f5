from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import impasto
from impasto.errors import CheckpointError, ImpastoError, InputError, OutputError, SettingError
from impasto.media.film import FilmReader, open_source, probe
from impasto.media.flow import opencv
from impasto.methods import state_file
from impasto.workflows.film import run as running
from impasto.workflows.film.ask import asked
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmScan,
    FilmStarted,
)
from impasto.workflows.film.order import Order
from impasto.workflows.film.paths import journal_path, segments_folder
from tests.films import make_film
from tests.workflows.film.conftest import Smear

Films = Callable[..., Path]


def of(kind: type, events: Iterable[FilmEvent]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def small(order: Order, segment: int = 3) -> Order:
    """The same in segments of few frames."""
    from dataclasses import replace

    return replace(order, segment=segment)


def paint(film: Path, output: Path, **more: Any) -> list[FilmEvent]:
    return list(running.run(small(asked(film, "swirls", output, **more))))


def stopped_after(frames: int, film: Path, output: Path) -> Path:
    """A film whose painting is left after so many frames; its journal."""
    events = running.run(small(asked(film, "swirls", output)))
    for event in events:
        if isinstance(event, FilmFrame) and event.number == frames:
            events.close()
    return journal_path(output)


def pictures(path: Path) -> list[np.ndarray]:
    with open_source(path) as source:
        return [frame.pixels for frame in source]


@pytest.mark.usefixtures("smears")
def test_events_count_frames_and_shots_and_say_where_the_film_is(
    film: Films, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    events = paint(film(), output)
    assert of(FilmScan, events)[-1].frames == 12
    started = of(FilmStarted, events)
    assert [(e.frames, e.shots, e.shape, e.done) for e in started] == [(12, 2, (48, 64), 0)]
    assert [event.number for event in of(FilmFrame, events)] == list(range(1, 13))
    finished = events[-1]
    assert isinstance(finished, FilmFinished)
    assert (finished.path, finished.frames, finished.length) == (output, 12, 12 / 25)
    assert probe(output).frames == 12
    assert probe(output).rate == 25


@pytest.mark.usefixtures("smears")
def test_nothing_but_the_film_is_left(film: Films, tmp_path: Path) -> None:
    source = film()
    paint(source, tmp_path / "out.mp4")
    assert {path.name for path in tmp_path.iterdir()} == {source.name, "out.mp4"}


def test_each_shot_begins_with_samples_of_its_own(
    film: Films, tmp_path: Path, smears: list[Any]
) -> None:
    paint(film(5, 3), tmp_path / "out.mp4")
    begun = [asked for asked in smears if isinstance(asked, list)]
    assert begun == [[0, 0.04, 0.08, 0.12, 0.16], [0.2, 0.24, 0.28]]


def test_styles_are_asked_for_by_the_time_of_each_frame(
    film: Films, tmp_path: Path, smears: list[Any]
) -> None:
    paint(film(4, 0), tmp_path / "o.mp4", style_at={0.04: "woodcut"}, style_fade=0.08)
    shares = [asked for asked in smears if isinstance(asked, tuple)]
    assert shares == [(1.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.0, 1.0)]


@pytest.mark.usefixtures("smears")
@pytest.mark.parametrize(("frames", "kept"), [(1, 0), (3, 3), (4, 3), (8, 7), (11, 10)])
def test_a_film_that_is_gone_on_with_has_the_bytes_of_one_that_was_not_stopped(
    film: Films, tmp_path: Path, frames: int, kept: int
) -> None:
    source = film(sounds=["aac"])
    paint(source, tmp_path / "whole.mp4")
    output = tmp_path / "out.mp4"
    journal = stopped_after(frames, source, output)
    assert not output.exists()
    events = list(impasto.paint_video(resume=journal))
    # Segments end after 3, 6, 7 (where the cut is), 10 and 12 frames.
    assert of(FilmStarted, events)[0].done == kept
    assert output.read_bytes() == (tmp_path / "whole.mp4").read_bytes()
    assert not journal.exists()
    assert not segments_folder(journal).exists()


@pytest.mark.usefixtures("smears")
@pytest.mark.parametrize("moves", [False, True])
def test_a_film_with_masks_is_gone_on_with_to_the_same_bytes(
    film: Films, tmp_path: Path, moves: bool
) -> None:
    shown = [np.zeros((48, 64, 3), np.uint8) for _ in range(12)]
    for number, picture in enumerate(shown):
        picture[:, : 5 * number + 10] = 255
    mask = tmp_path / "mask.mp4" if moves else tmp_path / "mask.png"
    if moves:
        make_film(mask, pictures=shown)
    else:
        Image.fromarray(shown[3]).save(mask)
    source, whole, output = film(), tmp_path / "whole.mkv", tmp_path / "out.mkv"
    more = {"keep": mask, "codec": "ffv1"}
    paint(source, whole, **more)
    events = running.run(small(asked(source, "swirls", output, **more)))
    for event in events:
        if isinstance(event, FilmFrame) and event.number == 5:
            events.close()
    list(impasto.paint_video(resume=journal_path(output)))
    assert output.read_bytes() == whole.read_bytes()
    painted, given = pictures(whole), pictures(source)
    assert all((a[:, :8] == b[:, :8]).all() for a, b in zip(painted, given, strict=True))
    assert (painted[0][:, 40:] != given[0][:, 40:]).any()


@pytest.mark.usefixtures("smears")
def test_what_reading_the_styles_has_to_say_is_told(
    film: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Smear, "notes", ("the style is damaged",))
    events = list(running.run(small(asked(film(), "swirls", tmp_path / "out.mp4"))))
    assert [note.line for note in of(FilmNote, events)] == ["the style is damaged"]


@pytest.mark.usefixtures("smears")
def test_a_mask_that_has_changed_is_refused(film: Films, tmp_path: Path) -> None:
    mask, output = tmp_path / "mask.png", tmp_path / "out.mp4"
    Image.new("L", (64, 48), 90).save(mask)
    events = running.run(small(asked(film(), "swirls", output, masks=mask)))
    for event in events:
        if isinstance(event, FilmFrame) and event.number == 4:
            events.close()
    Image.new("L", (64, 48), 91).save(mask)
    with pytest.raises(CheckpointError, match=r"mask 1 of this painting.*mask.png"):
        impasto.paint_video(resume=journal_path(output))


@pytest.mark.usefixtures("smears")
def test_a_segment_begins_as_the_one_before_it_ended(tmp_path: Path) -> None:
    blots = np.random.default_rng(7).normal(size=(48, 64)).astype(np.float32)
    still = 128 + 90 * opencv().GaussianBlur(blots, (0, 0), 1.5)
    random = np.random.default_rng(0)
    grainy = [
        (still + random.integers(-3, 4, still.shape)).clip(0, 255).astype(np.uint8)
        for _ in range(40)
    ]
    source = make_film(
        tmp_path / "film.mp4", pictures=[np.repeat(each[..., None], 3, 2) for each in grainy]
    )
    steps = {}
    for segment in (20, 40):
        output = tmp_path / f"{segment}.mp4"
        list(running.run(small(asked(source, "swirls", output), segment)))
        shown = [picture.astype(int) for picture in pictures(output)]
        steps[segment] = np.abs(shown[20] - shown[19]).mean()
    assert steps[20] < 1.5 * max(steps[40], 0.5)


@pytest.mark.usefixtures("smears")
def test_a_damaged_segment_is_painted_again(film: Films, tmp_path: Path) -> None:
    source, output = film(), tmp_path / "out.mp4"
    paint(source, tmp_path / "whole.mp4")
    journal = stopped_after(12, source, output)
    segment = sorted(segments_folder(journal).glob("*.nut"))[1]
    segment.write_bytes(segment.read_bytes()[:-50])
    list(impasto.paint_video(resume=journal))
    assert output.read_bytes() == (tmp_path / "whole.mp4").read_bytes()


@pytest.mark.usefixtures("smears")
def test_an_input_that_has_changed_is_refused(film: Films, tmp_path: Path) -> None:
    source = film()
    journal = stopped_after(4, source, tmp_path / "out.mp4")
    film(3, 3)
    with pytest.raises(CheckpointError, match=r"the film of this painting, .* has changed since"):
        impasto.paint_video(resume=journal)


@pytest.mark.usefixtures("smears")
def test_segments_that_are_gone_are_told(film: Films, tmp_path: Path) -> None:
    journal = stopped_after(4, film(), tmp_path / "out.mp4")
    segments_folder(journal).rename(tmp_path / "elsewhere")
    with pytest.raises(CheckpointError, match="which has what is painted, is gone"):
        impasto.paint_video(resume=journal)


@pytest.mark.usefixtures("smears")
def test_only_what_lies_between_start_and_end_is_painted(film: Films, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    events = paint(film(), output, start=0.12, end=0.4)
    assert of(FilmStarted, events)[0].frames == 7
    assert of(FilmFrame, events)[0].time == pytest.approx(0.12)
    with FilmReader(output) as painted:
        assert next(iter(painted)).time == 0


@pytest.mark.usefixtures("smears")
def test_a_rate_of_its_own_leaves_frames_out(film: Films, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    paint(film(), output, rate=12.5)
    assert probe(output).frames == 6
    assert probe(output).rate == Fraction(25, 2)


@pytest.mark.usefixtures("smears")
def test_frames_of_unequal_times_keep_them(film: Films, tmp_path: Path) -> None:
    times = [Fraction(n * n, 100) for n in range(12)]
    output = tmp_path / "out.mkv"
    paint(film(times=times), output)
    with FilmReader(output) as painted:
        kept = [frame.time for frame in painted]
    assert kept == pytest.approx(times, abs=0.001)


@pytest.mark.usefixtures("smears")
def test_a_size_is_the_longest_side(film: Films, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    paint(film(), output, size=32)
    assert (probe(output).height, probe(output).width) == (24, 32)


@pytest.mark.usefixtures("smears")
def test_pictures_are_the_painted_frames_themselves(film: Films, tmp_path: Path) -> None:
    source = film(4, 0)
    paint(source, tmp_path / "out" if (tmp_path / "out").mkdir() is None else source)
    painted = pictures(tmp_path / "out")
    expected: list[np.ndarray] = []
    last: np.ndarray | None = None
    for frame in pictures(source):
        negative = 255.0 - frame
        last = negative if last is None else (negative + last) / 2
        expected.append(np.rint(last).astype(np.uint8))
    assert np.array_equal(painted, expected)


@pytest.mark.usefixtures("smears")
def test_an_animation_plays_as_long_as_its_film(film: Films, tmp_path: Path) -> None:
    output = tmp_path / "out.webp"
    paint(film(), output)
    with Image.open(output) as image:
        assert image.n_frames == 12  # type: ignore[attr-defined]
    assert probe_seconds(output) == pytest.approx(12 / 25, abs=0.01)


def probe_seconds(path: Path) -> float:
    with open_source(path) as source:
        return float(sum(frame.duration for frame in source))


@pytest.mark.usefixtures("smears")
def test_a_folder_of_pictures_is_a_film(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(5):
        Image.new("RGB", (32, 32), (40 * n, 0, 0)).save(folder / f"{n}.png")
    paint(folder, tmp_path / "out.mp4", rate=10)
    assert (probe(tmp_path / "out.mp4").frames, probe(tmp_path / "out.mp4").rate) == (5, 10)


@pytest.mark.usefixtures("smears")
def test_no_sound_is_taken_over_where_none_is_wanted(film: Films, tmp_path: Path) -> None:
    source = film(sounds=["aac"])
    paint(source, tmp_path / "a.mp4")
    paint(source, tmp_path / "b.mp4", sound=False)
    assert (probe(tmp_path / "a.mp4").sounds, probe(tmp_path / "b.mp4").sounds) == (1, 0)


@pytest.mark.usefixtures("smears")
def test_a_cut_film_is_painted_as_far_as_it_goes_with_a_note(film: Films, tmp_path: Path) -> None:
    source = film(40, 0, name="film.mkv")
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    events = paint(source, tmp_path / "out.mkv")
    assert any("cut" in note.line or "damaged" in note.line for note in of(FilmNote, events))
    assert 0 < of(FilmFinished, events)[0].frames < 40


@pytest.mark.usefixtures("smears")
def test_a_film_that_would_not_fit_is_refused_before_it_is_painted(
    film: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.media.film.estimate_bytes", lambda *_, **__: 10**18)
    with pytest.raises(OutputError, match=r"make room"):
        paint(film(), tmp_path / "out.mp4")
    assert not journal_path(tmp_path / "out.mp4").exists()
    paint(film(), tmp_path / "out.mp4", force=True)


@pytest.mark.usefixtures("smears")
def test_a_film_is_painted_by_one_process_at_a_time(film: Films, tmp_path: Path) -> None:
    order = small(asked(film(), "swirls", tmp_path / "out.mp4"))
    first = running.run(order)
    while not isinstance(next(first), FilmFrame):
        pass
    with pytest.raises(OutputError, match="another process is painting the film"):
        list(running.run(order))
    first.close()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bits": "16"}, "bits means nothing to a film"),
        ({"scratch": "."}, "scratch means nothing to a film"),
        ({"method": "optimization", "tile": "256"}, "tile means nothing to a film that is"),
        ({"steps": 9}, "steps means nothing to the method one-pass"),
        ({"style_blend": [1, 1]}, "style_blend has 2 shares for 1 style"),
        ({"codec": "h265"}, "'h265' is not a codec"),
        ({"codec": "ffv1"}, "cannot hold ffv1"),
        ({"start": 9}, "start before that"),
    ],
)
def test_what_a_film_does_not_heed_is_refused(
    film: Films, tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        asked(film(), "swirls", tmp_path / "out.mp4", **settings)


def test_a_film_needs_a_style(film: Films, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="name at least one picture"):
        asked(film(), None, tmp_path / "out.mp4")
    with pytest.raises(InputError, match="needs a film and an output"):
        impasto.paint_video(film())


def test_an_output_that_is_the_film_is_refused(film: Films) -> None:
    source = film()
    with pytest.raises(OutputError, match="is one of the inputs"):
        asked(source, "swirls", source)


def test_the_pictures_of_a_film_are_not_painted_over(tmp_path: Path) -> None:
    Image.new("RGB", (32, 32)).save(tmp_path / "1.png")
    for output in (tmp_path, tmp_path / "%d.png"):
        with pytest.raises(OutputError, match="has the pictures of the film"):
            asked(tmp_path, "swirls", output)


def test_a_thing_that_is_no_film_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(ImpastoError, match=r"film\.mp4 is no film"):
        asked(tmp_path / "film.mp4", "swirls", tmp_path / "out.mp4")


@pytest.mark.usefixtures("smears")
def test_a_film_that_is_under_way_is_dropped_only_if_that_is_said(
    film: Films, tmp_path: Path
) -> None:
    source, output = film(), tmp_path / "out.mp4"
    journal = stopped_after(4, source, output)
    with pytest.raises(OutputError, match=r"was begun already: .* begin anew with overwrite=True"):
        impasto.paint_video(source, "swirls", output)
    with pytest.raises(OutputError, match=r"was begun already"):
        paint(source, output)
    assert segments_folder(journal).exists()
    list(impasto.paint_video(source, "swirls", output, overwrite=True))
    assert not journal.exists()


@pytest.mark.usefixtures("smears")
@pytest.mark.parametrize("other", ["out.gif", "out"])
def test_a_film_never_drops_another_of_its_stem(film: Films, tmp_path: Path, other: str) -> None:
    source = film()
    journal = stopped_after(4, source, tmp_path / "out.mp4")
    with pytest.raises(OutputError, match=r"keeps .*out\.mp4, which is under way"):
        impasto.paint_video(source, "swirls", tmp_path / other, overwrite=True)
    list(impasto.paint_video(resume=journal))
    assert (tmp_path / "out.mp4").exists()


@pytest.mark.usefixtures("smears")
def test_a_film_never_drops_a_painting_of_its_stem(film: Films, tmp_path: Path) -> None:
    checkpoint = journal_path(tmp_path / "out.mp4")
    state_file.save(checkpoint, "impasto-training 1", {}, {}, "it")
    with pytest.raises(OutputError, match="keeps other work: choose another output"):
        impasto.paint_video(film(), "swirls", tmp_path / "out.mp4", overwrite=True)
    assert checkpoint.exists()
