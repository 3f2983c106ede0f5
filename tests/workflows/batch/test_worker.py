from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.settings import StyleSettings
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.worker import Failure, Progress, Success, paint_item

TINY = StyleSettings(size=48, steps=2)


def reports(content: Path, style: Path, output: Path) -> list[Any]:
    return list(paint_item(Item(content, output.name), output.parent, [style], TINY))


def test_a_picture_is_painted_step_by_step_into_a_folder_that_is_made(
    photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    content, output = photo("a.jpg"), tmp_path / "out" / "sub" / "a.png"
    first, second, success = reports(content, style, output)
    assert first == Progress(1, 2, 0.5, None)
    assert second == Progress(2, 2, 1.0, 0.0)
    sha256 = hashlib.sha256(content.read_bytes()).hexdigest()
    assert success == Success((32, 48), sha256, success.seconds)
    with Image.open(output) as image:
        assert image.size == (48, 32)


def test_nothing_is_written_before_the_last_step(
    photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out" / "a.png"
    steps = paint_item(Item(photo("a.jpg"), "a.png"), output.parent, [style], TINY)
    assert isinstance(next(steps), Progress)
    steps.close()  # type: ignore[attr-defined]
    assert list(output.parent.iterdir()) == []


def test_what_is_wrong_with_a_picture_is_reported_and_not_raised(
    style: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.jpg").touch()
    (failure,) = reports(tmp_path / "empty.jpg", style, tmp_path / "out.png")
    assert isinstance(failure, Failure)
    assert "is empty (0 bytes)" in failure.reason


@pytest.mark.parametrize("place", ["file/a.png", "a.png"])
def test_a_place_that_cannot_be_written_is_told_before_the_first_step(
    place: str, photo: Callable[..., Path], style: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "a.png").mkdir()
    (failure,) = paint_item(Item(photo("a.jpg"), place), tmp_path, [style], TINY)
    assert isinstance(failure, Failure)


def test_its_own_content_is_never_overwritten(photo: Callable[..., Path], style: Path) -> None:
    content = photo("a.png")
    before = content.read_bytes()
    (failure,) = reports(content, style, content)
    assert "is one of the inputs" in failure.reason
    assert content.read_bytes() == before


@pytest.mark.parametrize("count", [1, 2])
def test_the_styles_are_handed_on_as_a_list(
    count: int, style: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = []

    def note(_content: Path, style: Any, _settings: StyleSettings) -> None:
        styles.append(style)
        raise PictureError("enough")

    monkeypatch.setattr("impasto.workflows.batch.worker.run", note)
    list(paint_item(Item(style, "a.png"), tmp_path, [style] * count, TINY))
    assert styles == [[style] * count]
