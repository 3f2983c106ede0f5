from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.settings import StyleSettings
from impasto.workflows.batch.events import ItemDone, ItemFailed, ItemStep
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.worker import painted

TINY = StyleSettings(size=48, steps=2)


def reports(content: Path, style: Path, output: Path, settings: StyleSettings = TINY) -> list[Any]:
    return list(painted(Item(content, output.name), output, [style], settings, 3))


def test_a_picture_is_painted_step_by_step_into_a_folder_that_is_made(
    photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    content, output = photo("a.jpg"), tmp_path / "out" / "sub" / "a.png"
    first, second, done = reports(content, style, output)
    item = Item(content, "a.png")
    assert (first, second) == (ItemStep(item, 3, 1, 2), ItemStep(item, 3, 2, 2))
    sha256 = hashlib.sha256(content.read_bytes()).hexdigest()
    assert done == ItemDone(item, 3, output, (32, 48), sha256, done.seconds)
    with Image.open(output) as opened:
        assert opened.size == (48, 32)


def test_nothing_is_written_before_the_last_step(
    photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out" / "a.png"
    steps = painted(Item(photo("a.jpg"), "a.png"), output, [style], TINY, 0)
    assert isinstance(next(steps), ItemStep)
    steps.close()  # type: ignore[attr-defined]
    assert list(output.parent.iterdir()) == []


def test_what_is_wrong_with_a_picture_is_reported_and_not_raised(
    style: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.jpg").touch()
    (failed,) = reports(tmp_path / "empty.jpg", style, tmp_path / "out.png")
    assert isinstance(failed, ItemFailed)
    assert "is empty (0 bytes)" in failed.reason
    assert not failed.unexpected


@pytest.mark.parametrize("place", ["file/a.png", "a.png"])
def test_a_place_that_cannot_be_written_is_told_before_the_first_step(
    place: str, photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "a.png").mkdir()
    (failed,) = reports(photo("a.jpg"), style, tmp_path / place)
    assert isinstance(failed, ItemFailed)
    assert not failed.unexpected


def test_its_own_content_is_never_overwritten(photo: Callable[..., Path], style: Path) -> None:
    content = photo("a.png")
    before = content.read_bytes()
    (failed,) = reports(content, style, content)
    assert "is one of the inputs" in failed.reason
    assert content.read_bytes() == before


def test_an_error_that_should_not_be_is_reported_as_such(
    photo: Callable[..., Path], style: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> None:
        raise ZeroDivisionError("of a test")

    monkeypatch.setattr("impasto.workflows.batch.worker.run", faulty)
    (failed,) = reports(photo("a.jpg"), style, tmp_path / "out.png")
    assert failed.unexpected
    assert "ZeroDivisionError: of a test" in failed.reason
    assert "please report it" in failed.reason


@pytest.mark.parametrize("count", [1, 2])
def test_the_styles_are_handed_on_as_a_list(
    count: int, style: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = []

    def noted(_content: Path, style: Any, _settings: StyleSettings) -> None:
        handed.append(style)
        raise ZeroDivisionError

    monkeypatch.setattr("impasto.workflows.batch.worker.run", noted)
    list(painted(Item(style, "a"), tmp_path / "a.png", [style] * count, TINY, 0))
    assert handed == [[style] * count]
