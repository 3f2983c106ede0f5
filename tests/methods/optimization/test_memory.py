"""What is predicted is what a child process is seen to take, and what is refused names a remedy."""

from __future__ import annotations

import json
import re
from math import prod
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from benchmarks.machine import measure_impasto
from impasto import samples
from impasto.errors import MemoryShortError
from impasto.methods import device as devices
from impasto.methods.optimization import fitting
from impasto.methods.optimization.memory import Asked, predict_bytes
from impasto.methods.optimization.objective import layers_needed
from impasto.methods.optimization.tiles.memory import file_bytes, predict_tiled_bytes
from impasto.networks.features import BACKBONES
from impasto.settings import StyleSettings

CPU = torch.device("cpu")
# A quarter with AVX2; kernels for older processors keep more buffers of their own, and take 1.30
# times the prediction with SSE4.1.
LEAST, MOST = 0.75, 1.45
PLAN, SLIM = BACKBONES["slim"].plan, BACKBONES["slim"].stages()


@pytest.fixture(scope="module")
def vgg19_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "vgg19.safetensors"
    generator = torch.Generator().manual_seed(0)
    shapes = BACKBONES["vgg19"].plan.shapes(["relu5_1"])
    tensors = {
        name: torch.randn(shape, generator=generator) * (2 / (9 * shape[-3])) ** 0.5
        if len(shape) > 1
        else torch.zeros(shape)
        for name, shape in shapes.items()
    }
    save_file(tensors, path)
    return path


def ratio_to_prediction(folder: Path, *options: str) -> float:
    """Peak of a painting in a process of its own, over what it predicted before it began."""
    log = folder / "log.jsonl"
    # coffee is 600 px wide: larger sizes are asked of it enlarged, to have them at all.
    command = ["stylize", str(samples.content("coffee")), str(samples.style("swirls"))]
    command += ["-o", str(folder / "out.png"), "--log", str(log), "--upscale", *options]
    peak = measure_impasto(*command).peak_bytes
    prediction = json.loads(log.read_text().splitlines()[0])["predicted_bytes"]
    return float(peak / prediction)


# The steps fill the history of L-BFGS; in one scale they all fall on the final size.
@pytest.mark.parametrize(
    ("size", "history", "steps"),
    [
        (256, 10, 12),
        *(pytest.param(*case, marks=pytest.mark.slow) for case in ((512, 2, 4), (1024, 10, 12))),
    ],
)
def test_the_prediction_for_slim_is_near_what_is_taken(
    size: int, history: int, steps: int, tmp_path: Path
) -> None:
    options = ["--size", size, "--coarsest", 0, "--steps", steps, "--lbfgs-history", history]
    assert LEAST < ratio_to_prediction(tmp_path, *map(str, options)) < MOST


# Few steps: a processor without bfloat16 takes many times as long for each.
@pytest.mark.parametrize("size", ["256", pytest.param("1024", marks=pytest.mark.slow)])
def test_the_prediction_for_bf16_is_near_what_is_taken(size: str, tmp_path: Path) -> None:
    options = ["--size", size, "--coarsest", "0", "--steps", "4", "--lbfgs-history", "2"]
    assert LEAST < ratio_to_prediction(tmp_path, *options, "--precision", "bf16") < MOST


@pytest.mark.parametrize("size", ["256", pytest.param("1024", marks=pytest.mark.slow)])
def test_the_prediction_for_the_proximal_optimizer_is_near_what_is_taken(
    size: str, tmp_path: Path
) -> None:
    options = ["--size", size, "--coarsest", "0", "--steps", "12", "--tv-loss", "l1"]
    options += ["--optimizer", "proximal"]
    assert LEAST < ratio_to_prediction(tmp_path, *options) < MOST


@pytest.mark.parametrize("size", ["256", pytest.param("512", marks=pytest.mark.slow)])
def test_the_prediction_for_vgg19_is_near_what_is_taken(
    size: str, tmp_path: Path, vgg19_weights: Path
) -> None:
    options = ["--size", size, "--coarsest", "0", "--steps", "2"]
    options += ["--backbone", "vgg19", "--weights", str(vgg19_weights)]
    assert LEAST < ratio_to_prediction(tmp_path, *options) < MOST


def asked(
    shape: tuple[int, int],
    style: tuple[int, int] = (256, 256),
    settings: StyleSettings | None = None,
    regions: int = 0,
) -> Asked:
    settings = settings or StyleSettings()
    styles = [style] * max(1, regions)
    return Asked(SLIM, layers_needed(settings), shape, styles, settings, regions)


def test_a_margin_is_foreseen() -> None:
    plain, bare = StyleSettings(margin=0), StyleSettings(margin=0.125)
    wider = predict_bytes(asked((640, 640), (512, 512), plain))
    assert predict_bytes(asked((512, 512), (512, 512), bare)) == wider


def test_memory_grows_with_the_area() -> None:
    settings = StyleSettings(margin=0)  # whose px are rounded
    weights = 4 * sum(prod(shape) for shape in PLAN.shapes(layers_needed(settings)).values())
    one = predict_bytes(asked((256, 256), (256, 256), settings)) - weights
    two = predict_bytes(asked((512, 512), (512, 512), settings)) - weights
    assert two == pytest.approx(4 * one)


def test_a_large_style_counts() -> None:
    small = predict_bytes(asked((64, 1024)))
    assert predict_bytes(asked((64, 1024), (2048, 2048))) > 2 * small


def test_the_size_that_a_refusal_names_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "free_bytes", lambda _: 400_000_000)
    with pytest.raises(MemoryShortError, match=r"0\.4 GB are free: pass --size \d+") as refusal:
        fitting.check(asked((1536, 2048)), CPU)
    match = re.search(r"--size (\d+)", str(refusal.value))
    assert match is not None
    side = int(match[1])
    fitting.check(asked((side * 3 // 4, side)), CPU)
    with pytest.raises(MemoryShortError):
        fitting.check(asked(((side + 64) * 3 // 4, side + 64)), CPU)


def test_force_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "free_bytes", lambda _: 1000)
    tile, needed = fitting.check(asked((512, 512), settings=StyleSettings(force=True)), CPU)
    assert tile == 0
    assert needed > 1000


def test_a_refusal_of_a_shape_names_a_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "free_bytes", lambda _: 400_000_000)
    settings = StyleSettings(shape=(1536, 2048))
    with pytest.raises(MemoryShortError, match=r"pass --shape \d+x\d+, or --force"):
        fitting.check(asked((1536, 2048), settings=settings), CPU)


def test_weighing_regions_and_sorting_are_foreseen() -> None:
    plain, sorting = StyleSettings(), StyleSettings(style_loss="sliced")

    def predict(settings: StyleSettings, regions: int) -> int:
        return predict_bytes(asked((512, 512), settings=settings, regions=regions))

    assert predict(plain, 0) < predict(plain, 1) < predict(plain, 4)
    assert predict(sorting, 0) > predict(plain, 0)
    assert predict(sorting, 4) - predict(sorting, 1) > predict(plain, 4) - predict(plain, 1)


@pytest.mark.parametrize(
    ("size", "tile", "history"),
    [
        (512, 256, 4),
        *(pytest.param(size, 768, 10, marks=pytest.mark.slow) for size in (2048, 4096)),
    ],
)
@pytest.mark.parametrize("scratch", [True, False])
def test_the_prediction_for_tiles_is_near_what_is_taken(
    size: int, tile: int, history: int, scratch: bool, tmp_path: Path
) -> None:
    if scratch:
        (tmp_path / "scratch").mkdir()
    words = ["--size", size, "--tile", tile, "--steps", history + 2, "--lbfgs-history", history]
    options = list(map(str, words))
    options += ["--scratch", str(tmp_path / "scratch")] if scratch else []
    assert LEAST < ratio_to_prediction(tmp_path, *options) < MOST


def test_tiles_take_less_than_the_whole_and_files_less_than_memory() -> None:
    large = asked((4096, 4096))
    in_files, in_memory = (predict_tiled_bytes(large, 768, files) for files in (True, False))
    assert in_files < 0.4 * in_memory
    assert in_memory < 0.5 * predict_bytes(large)
    assert in_memory - in_files == file_bytes(large)
