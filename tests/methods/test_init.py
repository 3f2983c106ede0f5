from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import impasto
from impasto import methods, samples
from impasto.cli.progress import Progress
from impasto.errors import CheckpointError, SettingError, UnknownNameError
from impasto.events import Event, Finished, Part, Started
from impasto.imaging import Picture
from impasto.methods.protocol import RunOptions
from impasto.methods.result import Result
from impasto.reports import Log
from impasto.settings import StyleSettings, registry
from impasto.task import StyleTask

CONTENT, STYLE = samples.content("chelsea"), samples.style("swirls")


class Negative:
    """A method of another package: one pass, tile by tile, without scales, steps or losses."""

    name = "negative"
    reads = frozenset({"method", "size", "seed"})

    def check(self, settings: StyleSettings) -> None:
        if settings.seed == 13:
            raise SettingError("negative paints no seed 13: take another")

    def prepare(
        self,
        task: StyleTask[Any],  # noqa: ARG002 - it paints nothing of it
        settings: StyleSettings,
        options: RunOptions,  # noqa: ARG002
    ) -> NegativeRun:
        return NegativeRun(settings)


class NegativeRun(Iterator[Event]):
    shape, seconds = (4, 6), 0.5

    def __init__(self, settings: StyleSettings) -> None:
        self.settings = settings
        self._events = iter(
            [
                Started(0, method="negative", shape=self.shape),
                Part("tile", 1, 2),
                Part("tile", 2, 2),
                Finished(0, self.picture(), self.seconds),
            ]
        )

    def __next__(self) -> Event:
        return next(self._events)

    def past_events(self) -> Iterator[Event]:
        return iter(())

    def picture(self) -> Image.Image:
        return Image.new("RGB", (6, 4), "white")

    def result(self) -> Result:
        content = Picture(np.zeros((4, 6, 3), np.uint8))
        pixels = np.ones((4, 6, 3), np.float32)
        return Result(self.picture(), pixels, [], self.settings, self.seconds, content)

    def checkpoint(self, outputs: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        raise CheckpointError("negative keeps no state: start anew")


@pytest.fixture
def _install(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("negative", f"{__name__}:Negative", registry.METHODS)

    def find_entry_points(group: str) -> dict[str, EntryPoint]:
        return {"negative": point} if group == registry.METHODS else {}

    monkeypatch.setattr(registry, "_installed", find_entry_points)
    monkeypatch.setattr(EntryPoint, "load", lambda _: Negative)


@pytest.mark.usefixtures("_install")
def test_a_method_of_another_package_paints(tmp_path: Path) -> None:
    result = impasto.stylize(CONTENT, STYLE, method="negative", size=6)
    assert result.pixels.min() == 1
    path = result.save(tmp_path / "negative.png")
    assert Image.open(path).size == (6, 4)


@pytest.mark.usefixtures("_install")
def test_listeners_take_a_run_without_scales_steps_or_losses(tmp_path: Path) -> None:
    log, progress = Log(tmp_path / "run.jsonl"), Progress(1)
    for event in impasto.run(CONTENT, STYLE, method="negative"):
        log(event)
        progress(event)
    log.close()
    records = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [record["event"] for record in records] == ["started", "part", "part", "finished"]
    assert (records[1]["kind"], records[1]["number"], records[1]["count"]) == ("tile", 1, 2)


@pytest.mark.usefixtures("_install")
def test_a_setting_given_that_a_method_does_not_read_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match="steps means nothing to the method negative"):
        impasto.run(CONTENT, STYLE, method="negative", steps=5)
    settings = StyleSettings(method="negative").replace(tv_weight=3.0)
    with pytest.raises(SettingError, match="tv_weight means nothing"):
        impasto.run(CONTENT, STYLE, settings)


def test_of_a_method_that_does_not_say_the_seed_may_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert methods.seedless(StyleSettings()).startswith("nothing is random")
    monkeypatch.setattr(methods, "find", lambda _: Negative())
    assert methods.seedless(StyleSettings()) == ""


@pytest.mark.usefixtures("_install")
def test_what_a_recipe_sets_is_not_refused() -> None:
    assert methods.choose(StyleSettings(recipe="gatys", method="negative")).name == "negative"


def test_optimization_reads_every_setting_but_the_network_that_paints_in_one_pass() -> None:
    fields = frozenset(StyleSettings.model_fields)
    assert methods.find("optimization").reads == fields - {"model"}
    with pytest.raises(UnknownNameError, match="'optimisation' is not a method; did you mean"):
        methods.find("optimisation")
