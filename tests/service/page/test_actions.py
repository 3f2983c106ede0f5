"""What the page asks of the API, without a browser."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import anyio
import pytest
from PIL import Image

from impasto import samples
from impasto.errors import InputError, JobStateError, QueueFullError, UnknownNameError
from impasto.service.contract import FilmOptions, JobOut, State
from impasto.service.http.problems import Problem
from impasto.service.http.state import Limits
from impasto.service.jobs.film_work import FilmWork
from impasto.service.jobs.store import Store
from impasto.service.page.actions import Actions, JobInputs
from impasto.service.page.api import connector
from impasto.service.page.controls import settings_from, values_of
from impasto.service.page.masks import Drawing, name_of, read_drawing
from impasto.service.page.views import CARDS, View
from impasto.settings import StyleSettings
from tests.service.page.conftest import app_without_access, waiting_jobs
from tests.service.page.test_masks import address, grey, told
from tests.studio import FakeWorker, png

PLAIN = values_of(StyleSettings(size=64, steps=4))


@pytest.fixture
def actions(store: Store, tmp_path: Path) -> Actions:
    place = tmp_path / "page"
    place.mkdir()
    limits = Limits(max_megapixels=1.0, max_queued=3)
    connect = connector(app_without_access(store, limits), run=anyio.run)
    return Actions(connect, limits, place)


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """A photograph and three styles, as they were dropped."""
    paths = []
    for number, colour in enumerate(("teal", "red", "gold", "navy")):
        path = tmp_path / f"picture {number}.png"
        path.write_bytes(png(64, 43, colour))
        paths.append(str(path))
    return paths


def start(
    actions: Actions, content: Any, *styles: Any, drawing: str = "", values: Any = PLAIN
) -> JobOut:
    told = read_drawing(drawing)
    return actions.start(content, styles, told, values, visitor="ada", language="en")


def look(actions: Actions, id: str) -> View:
    return actions.view(id, "en", visitor="ada")


def test_a_start_queues_a_job_with_settings_and_uploads(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    job = start(actions, pictures[0], pictures[1], None, pictures[2])
    assert (job.state, store.get(job.id).client) == (State.QUEUED, "ada")
    assert job.inputs.keys() == {"content", "style", "style 2"}
    uploaded = store.folder.upload(job.inputs["style 2"]).read_bytes()
    assert uploaded == Path(pictures[2]).read_bytes()
    assert StyleSettings(**job.settings) == StyleSettings(size=64, steps=4, max_megapixels=1.0)


def test_what_the_brush_painted_becomes_masks(actions: Actions, pictures: list[str]) -> None:
    painted = told(address(grey(255, 0)), address(grey(0, 255)))
    job = start(actions, *pictures[:3], drawing=painted)
    assert job.inputs.keys() == {"content", "style", "style 2", "mask", "mask 2"}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no photograph is chosen"), ("zh", "还没有选照片")]
)
def test_what_is_missing_is_told_in_the_persons_language(
    actions: Actions, pictures: list[str], language: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        actions.start(None, [pictures[1]], Drawing(), PLAIN, visitor="", language=language)


def test_a_photograph_and_a_style_that_are_both_missing_are_told_at_once(actions: Actions) -> None:
    with pytest.raises(InputError, match="no photograph and no style is chosen"):
        start(actions, None, None)


def test_a_missing_style_is_told(actions: Actions, pictures: list[str]) -> None:
    with pytest.raises(InputError, match="no style is chosen"):
        start(actions, pictures[0], None)


def test_a_file_that_is_no_picture_is_told_before_it_is_kept(
    actions: Actions, store: Store, pictures: list[str], tmp_path: Path
) -> None:
    text = tmp_path / "page.png"
    text.write_text("<html>" * 20)
    with pytest.raises(Problem, match="not a picture impasto reads"):
        start(actions, pictures[0], str(text))
    assert store.jobs() == []
    assert not any(p.is_file() for p in (store.folder.path / "uploads").rglob("*"))


def test_a_picture_above_the_limit_is_told_by_its_header(
    actions: Actions, pictures: list[str], tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    Image.new("L", (1200, 1000)).save(large)
    with pytest.raises(Problem, match="above the limit of 1"):
        start(actions, str(large), pictures[1])


def test_a_picture_that_was_swept_away_is_asked_for_again(
    actions: Actions, pictures: list[str]
) -> None:
    Path(pictures[1]).unlink()
    with pytest.raises(InputError, match="choose it again"):
        start(actions, *pictures[:2])


def test_limits_hold_at_the_page_too(actions: Actions, pictures: list[str]) -> None:
    for _ in range(3):
        start(actions, *pictures[:2])
    with pytest.raises(QueueFullError):
        start(actions, *pictures[:2])


def test_nobody_on_the_easel_is_an_empty_easel(actions: Actions) -> None:
    view = look(actions, "")
    assert "Nothing on the easel yet" in view.easel
    assert (view.job, view.busy, view.litter, dict(view.files)) == (None, False, False, {})


@pytest.mark.parametrize("id", ["f" * 32, "../../etc/passwd", "<b>"])
def test_an_unknown_job_is_told_and_is_no_path(actions: Actions, id: str) -> None:
    view = look(actions, id)
    assert view.job is None
    assert "not here any more" in view.easel
    assert "<b>" not in view.easel


def test_a_view_is_told_apart_only_where_it_looks_different(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    job = start(actions, *pictures[:2])
    first = look(actions, job.id)
    assert first.busy
    assert look(actions, job.id).digest == first.digest
    worker = FakeWorker(store, job).claim()
    worker.start()
    worker.step(1)
    assert look(actions, job.id).digest != first.digest


def test_who_waits_is_told_how_many_are_before(actions: Actions, pictures: list[str]) -> None:
    jobs = [start(actions, *pictures[:2]) for _ in range(3)]
    assert "next in line" in look(actions, jobs[0].id).easel
    assert "before it: 2" in look(actions, jobs[2].id).easel


def finished(actions: Actions, store: Store, pictures: list[str]) -> JobOut:
    job = start(actions, *pictures[:3])
    FakeWorker(store, job).claim().paint()
    return job


def inputs_of(actions: Actions, id: str) -> JobInputs:
    return actions.inputs_of(id, visitor="ada")


def test_a_finished_painting_can_be_compared_and_taken_away(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    job = finished(actions, store, pictures)
    view = look(actions, job.id)
    names = [actions.folder / f"{name}-{job.id}.jpg" for name in ("before", "after")]
    assert all(f"gradio_api/file={path}" in view.easel for path in names)
    before, after = (Image.open(path).convert("RGB") for path in names)
    assert before.size == after.size == (64, 43)
    assert [round(v, -1) for v in before.getpixel((30, 20))] == [0, 130, 130]  # teal
    assert [path.suffix for path in view.files.values()] == [".png", ".jpg", ".toml"]
    assert Image.open(view.files["jpeg"]).format == "JPEG"
    recipe = view.files["recipe"].read_text()
    assert 'recipe = "default"' in recipe
    assert "steps = 4" in recipe
    assert "megapixels" not in recipe
    assert all(path.is_relative_to(actions.folder) for path in view.files.values())


def test_removing_leaves_nothing_of_a_painting(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    job = finished(actions, store, pictures)
    look(actions, job.id)
    actions.remove(job.id, visitor="ada")
    assert store.jobs() == []
    assert list(actions.folder.iterdir()) == []


def test_two_paintings_stand_side_by_side(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    one, other = (finished(actions, store, pictures).id for _ in range(2))
    view = actions.view(one, "en", visitor="ada", beside=other)
    assert view.easel.count("<figure>") == 2
    assert f'data-job="{one}" data-state="beside"' in view.easel
    assert view.job is not None
    assert view.job.id == one
    gone = actions.view(one, "en", visitor="ada", beside="f" * 32)
    assert 'data-state="finished"' in gone.easel  # the one that is there stands alone


def test_the_highlights_of_the_samples_are_tried_in_their_order(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    values = values_of(StyleSettings(color="luminance"))
    connect = connector(app_without_access(store, Limits()), run=anyio.run)
    roomy = Actions(connect, Limits(), actions.folder)
    jobs = roomy.try_styles(pictures[0], values, visitor="ada", language="en")
    assert [job.id for job in store.jobs()] == [job.id for job in reversed(jobs)]
    styles = [samples.style(name).read_bytes() for name in samples.HIGHLIGHTS]
    digests = [hashlib.sha256(style).hexdigest() for style in styles]
    assert [job.inputs["style"] for job in store.jobs()] == digests
    sketch = StyleSettings(recipe="sketch")
    for job in jobs:
        assert (job.settings["size"], job.settings["steps"]) == (sketch.size, sketch.steps)
        assert job.settings["color"] == "luminance"
    with pytest.raises(InputError, match="no photograph is chosen"):
        actions.try_styles(None, values, visitor="ada", language="en")
    with pytest.raises(QueueFullError):  # of three that may wait
        actions.try_styles(pictures[0], values, visitor="ada", language="en")
    for job in jobs[1:]:
        store.cancel(job.id)
    assert len(actions.try_styles(pictures[0], values, visitor="ada", language="en")) == 2


def test_a_method_without_steps_is_tried_without_them(
    actions: Actions, pictures: list[str]
) -> None:
    values = values_of(StyleSettings(method="one-pass"))
    job, *_ = actions.try_styles(pictures[0], values, visitor="ada", language="en")
    assert (job.settings["method"], job.settings["size"]) == (
        "one-pass",
        StyleSettings(recipe="sketch").size,
    )


def test_what_failed_or_was_stopped_is_litter(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    finished(actions, store, pictures)
    assert actions.litter(visitor="ada") == []
    job = start(actions, *pictures[:2])
    assert not look(actions, "").litter
    actions.cancel(job.id, visitor="ada")
    assert look(actions, "").litter
    assert actions.litter(visitor="ada") == [job.id]


def test_a_job_that_has_not_ended_is_not_removed(actions: Actions, pictures: list[str]) -> None:
    job = start(actions, *pictures[:2])
    with pytest.raises(JobStateError):
        actions.remove(job.id, visitor="ada")
    actions.cancel(job.id, visitor="ada")
    actions.remove(job.id, visitor="ada")


def test_earlier_settings_and_pictures_come_back(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    again = inputs_of(actions, finished(actions, store, pictures).id)
    assert settings_from(again.values).steps == 4
    assert again.content is not None
    assert again.content.read_bytes() == Path(pictures[0]).read_bytes()
    assert [path.read_bytes() for path in again.styles] == [
        Path(path).read_bytes() for path in pictures[1:3]
    ]
    assert {path.suffix for path in (again.content, *again.styles)} == {".png"}


def test_settings_come_back_without_pictures_that_are_gone(
    actions: Actions, store: Store, pictures: list[str]
) -> None:
    job = finished(actions, store, pictures)
    store.folder.remove_upload(job.inputs["style"])
    again = inputs_of(actions, job.id)
    assert again == JobInputs(again.values)
    assert settings_from(again.values).size == 64


def masked(actions: Actions, pictures: list[str]) -> JobOut:
    """A job with masks and style masks that no page made."""
    with actions._connect("ada") as client:
        masks, style_masks = ([png(64, 43, c) for c in cs] for cs in (("white", "grey"), GREYS))
        return client.submit(pictures[0], pictures[1:3], masks=masks, style_masks=style_masks)


GREYS = ("silver", "white")


def told_again(again: JobInputs) -> str:
    """What the page's script writes when nothing is changed."""
    styles = [path.stem for path in again.styles]
    return told(
        *map(name_of, again.masks), style_masks=[*map(name_of, again.style_masks)], styles=styles
    )


def test_masks_come_back_to_the_byte_also_when_the_first_painting_is_removed(
    actions: Actions, pictures: list[str]
) -> None:
    first = masked(actions, pictures)
    again = inputs_of(actions, first.id)
    actions.cancel(first.id, visitor="ada")
    actions.remove(first.id, visitor="ada")
    assert again.content is not None
    second = start(actions, str(again.content), *map(str, again.styles), drawing=told_again(again))
    assert second.inputs == first.inputs
    assert {"mask", "mask 2", "style mask", "style mask 2"} <= second.inputs.keys()


def test_style_masks_do_not_go_to_other_style_pictures(
    actions: Actions, pictures: list[str]
) -> None:
    again = inputs_of(actions, masked(actions, pictures).id)
    second = start(actions, pictures[0], pictures[1], pictures[3], drawing=told_again(again))
    assert second.inputs.keys() == {"content", "style", "style 2", "mask", "mask 2"}


def test_a_mask_that_was_swept_away_is_asked_for_again(
    actions: Actions, pictures: list[str]
) -> None:
    again = inputs_of(actions, masked(actions, pictures).id)
    again.masks[0].unlink()
    with pytest.raises(InputError, match="choose it again"):
        start(actions, *pictures[:3], drawing=told_again(again))


def test_what_was_kept_is_kept_again_with_the_same_photograph_alone(
    actions: Actions, pictures: list[str]
) -> None:
    with actions._connect("ada") as client:
        first = client.submit(pictures[0], pictures[1], keep=png(64, 43, "white"))
    again = inputs_of(actions, first.id)
    assert again.content is not None
    assert again.keep is not None
    drawing = told(keep=name_of(again.keep), photograph=again.content.stem)
    second = start(actions, str(again.content), pictures[1], drawing=drawing)
    assert second.inputs == first.inputs
    assert "keep" not in start(actions, pictures[2], pictures[1], drawing=drawing).inputs
    again.keep.unlink()
    with pytest.raises(InputError, match="choose it again"):
        start(actions, pictures[0], pictures[1], drawing=drawing)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "nothing", ""])
def test_a_sample_is_found_by_its_name_alone(actions: Actions, name: str) -> None:
    with pytest.raises(UnknownNameError):
        actions.sample("style", name)


def test_older_paintings_come_as_far_back_as_they_are_asked_for(
    actions: Actions, store: Store
) -> None:
    ids = waiting_jobs(store, 2 * CARDS + 3)
    first, second, third = (
        actions.view("", "en", visitor="ada", cards=n * CARDS) for n in (1, 2, 3)
    )
    assert (opened(first.gallery), opened(first.older)) == (ids[:CARDS], [])
    assert (opened(second.gallery), opened(second.older)) == (ids[:CARDS], ids[CARDS : 2 * CARDS])
    assert opened(third.gallery + third.older) == ids
    assert [view.more for view in (first, second, third)] == [True, True, False]


def test_more_jobs_than_the_api_lists_at_once_are_all_shown(actions: Actions, store: Store) -> None:
    waiting_jobs(store, 203)
    view = actions.view("", "en", visitor="ada", cards=240)
    assert len(opened(view.gallery + view.older)) == 203


def test_older_cards_are_told_apart_only_where_they_look_different(
    actions: Actions, store: Store
) -> None:
    waiting_jobs(store, CARDS + 1)

    def digests() -> tuple[str, str]:
        view = actions.view("", "en", visitor="ada", cards=2 * CARDS)
        return view.digest, view.older_digest

    before = digests()
    store.cancel(store.jobs(limit=1)[0].id)
    between = digests()
    assert (before[0] != between[0], before[1] == between[1]) == (True, True)
    waiting_jobs(store, 1)
    assert digests()[1] != between[1]


def opened(html: str) -> list[str]:
    return re.findall(r'data-open="(\w+)"', html)


def test_a_finished_film_is_shown_by_its_last_frame_and_has_no_picture_to_take(
    actions: Actions, store: Store
) -> None:
    inputs = {"film": store.folder.keep_upload(b"a film"), "style": store.folder.keep_upload(png())}
    settings = StyleSettings(method="one-pass")
    job = store.add(settings, inputs, film=FilmWork.of(settings, FilmOptions(), 100))
    assert store.claim("fake") is not None
    (store.folder.job(job.id) / "preview.png").write_bytes(png())
    store.finish(job.id, "fake", seconds=1.0)
    view = look(actions, job.id)
    assert f'href="film?job={job.id}"' in view.easel
    assert "data:image/jpeg" in view.easel
    assert "Film" in view.gallery
    assert view.files == {}
