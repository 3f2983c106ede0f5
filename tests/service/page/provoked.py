"""Everything that can go wrong for a visitor, made to go wrong: each gives a sentence."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import httpx
import numpy as np
import tifffile
import torch
from PIL import Image
from starlette.testclient import TestClient

from impasto import imaging, methods, painting
from impasto.errors import ImpastoError, OutputError, unexpected
from impasto.imaging.codecs.metadata import Metadata
from impasto.imaging.files import check_length
from impasto.imaging.picture import Picture
from impasto.methods import device, precision
from impasto.methods.inputs import Inputs
from impasto.methods.optimization import preparation
from impasto.methods.pictures import check_kept, check_masks, check_visible
from impasto.methods.protocol import RunOptions
from impasto.methods.size_notes import size_notes
from impasto.networks.features.registry import VGG19_ORIGINAL
from impasto.networks.weights import Installed, cache, read_quantized, read_tensors
from impasto.networks.weights.fetch import fetch
from impasto.networks.weights.published import VGG19, hub_path
from impasto.service.client import validation
from impasto.service.http.app import create_app
from impasto.service.http.middleware import AccessMiddleware
from impasto.service.http.problems import Problem
from impasto.service.http.state import Limits
from impasto.service.http.uploads import check_picture
from impasto.service.jobs.files import Folder
from impasto.service.jobs.store import Store
from impasto.service.page.controls import controls, settings_from, values_of
from impasto.service.page.masks import LARGEST, Drawing, read_drawing
from impasto.settings import StyleSettings, registry
from impasto.task import StyleTask
from tests.imaging.codecs import (
    test_bit_fields,
    test_colour_space,
    test_jpeg_segments,
    test_odd_tiff,
)
from tests.service.http.test_middleware import echo, part, request
from tests.studio import HERE, png

PHOTO, STYLE = "the content image", "the style image"


@dataclass
class Bench:
    """Where something goes wrong: an empty folder, and a studio in it for what needs one."""

    place: Path

    @cached_property
    def store(self) -> Store:
        return Store(data=self.place / "data")


Provocation = Callable[[Bench], Any]


def sentence_of(provocation: Provocation, place: Path) -> str:
    """What the engine or the API says."""
    bench = Bench(place)
    try:
        said = provocation(bench)
    except (ImpastoError, Problem) as error:
        return str(error)
    finally:
        if "store" in vars(bench):
            bench.store.close()
    assert isinstance(said, str), f"nothing went wrong: {said!r}"
    return said


# Pictures


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def grey(height: int, width: int, level: int) -> np.ndarray:
    return np.full((height, width), level, np.uint8)


def photo(alpha: int | None = None, name: str = PHOTO) -> Picture:
    hidden = None if alpha is None else grey(32, 48, alpha)
    return Picture(noise(32, 48), hidden, name=name)


def header(width: int, height: int) -> io.BytesIO:
    data = struct.pack(">II", width, height)
    return io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + data + b"\x08\2\0\0\0" + bytes(8))


def jpeg_of_12_bits() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return file.getvalue().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c")


def heic_without_its_package(_: Bench) -> None:
    with patch("impasto.service.http.uploads.find_spec", return_value=None):
        check_picture(io.BytesIO(b"\0\0\0\x18ftypheic" + bytes(52)), "walk.heic", 100)


def picture_beyond_memory(_: Bench) -> None:
    with patch("impasto.imaging.read.decode", side_effect=MemoryError):
        imaging.read(png(), name=PHOTO)


def prepared(
    content: Any = None, style: Any = None, *, task: dict[str, Any] | None = None, **settings: Any
) -> Any:
    """What is known of a painting before its first step."""
    content = noise(48, 64) if content is None else content
    style = noise(48, 64, seed=1) if style is None else style
    made = StyleTask(content, (style,), **(task or {}))
    chosen = StyleSettings(**{"size": 64, "steps": 4, **settings})
    return preparation.prepare(made, chosen, RunOptions())


# Masks


def hidden_style_mask(_: Bench) -> Any:
    style = noise(32, 48, 4)
    style[:, :24, 3], style[:, 24:, 3] = 255, 0
    mask = grey(32, 48, 0)
    mask[:, 24:] = 255
    task = StyleTask(noise(32, 48), (style,), style_masks=(mask,))
    return Inputs.read(task, StyleSettings()).style_counts(0, (32, 48))


def tiny_region(_: Bench) -> None:
    mask = grey(48, 64, 0)
    mask[20, 20] = 255
    prepared(task={"masks": (mask,)}, style_layers="relu5_1", coarsest=0)


def left(light: bool) -> Picture:
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[:, :24] = 255 * light
    return Picture(pixels, name="the mask")


# Settings


def typed(**values: Any) -> Provocation:
    """What is filled in on the page."""

    def fill(_: Bench) -> Any:
        names = [control.name for control in controls()]
        shown = dict(zip(names, values_of(StyleSettings()), strict=True)) | values
        return settings_from([shown[name] for name in names])

    return fill


def method_that_reads_nothing(_: Bench) -> Any:
    class Plain:
        name, reads = "plain", frozenset[str]()

    with patch("impasto.methods.find", return_value=Plain()):
        return methods.choose(StyleSettings(steps=9))


# The studio


def posted(bench: Bench, *, styles: int = 1, broken: bool = False, **limits: Any) -> str:
    """The refusal of a form."""
    api = TestClient(create_app(bench.store, page=False, limits=Limits(**limits)), base_url=HERE)
    files = [("content", ("a", png()))] + [("styles", (str(n), png())) for n in range(styles)]
    if broken:
        kind = {"Content-Type": "multipart/form-data"}
        return api.post("/api/jobs", content=b"--x\r\nnothing", headers=kind).json()["detail"]
    return str(api.post("/api/jobs", files=files).json()["detail"])


def added(bench: Bench, **limits: Any) -> Any:
    inputs = {role: bench.store.folder.keep_upload(png()) for role in ("content", "style")}
    return bench.store.add(StyleSettings(), inputs, **limits)


def asked_twice(bench: Bench) -> str:
    limits = Limits(requests_per_s=0.1, burst=1)
    api = TestClient(create_app(bench.store, page=False, limits=limits), base_url=HERE)
    return str([api.get("/api/jobs") for _ in range(2)][1].json()["detail"])


def one_listener_too_many(bench: Bench) -> str:
    api = TestClient(create_app(bench.store, page=False, limits=Limits(streams=0)), base_url=HERE)
    return str(api.get(f"/api/jobs/{added(bench).id}/events").json()["detail"])


def refused(app: Any = echo, size: int = 1, more: bool = False, **limits: Any) -> str:
    """What the middleware says of a request."""
    access = AccessMiddleware(app, limits=Limits(**limits))
    return str(request(access, [part(size, more=more)])[1]["detail"])


async def never(_scope: Any, receive: Any, _send: Any) -> None:
    await receive()
    await asyncio.Event().wait()


async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
    raise RuntimeError


def full_disk(bench: Bench) -> str:
    with patch.object(Store, "counts", side_effect=OutputError("the data folder is full")):
        return posted(bench)


def no_data_folder(bench: Bench) -> None:
    (bench.place / "file").write_bytes(b"")
    Folder(bench.place / "file" / "data")


def dying_worker(bench: Bench) -> Any:
    job = added(bench)
    for _ in range(4):
        bench.store.claim("worker", lease_s=-1)
    return bench.store.get(job.id).error


FITTING = "impasto.methods.optimization.fitting"


def with_free(share: float | None = None, **settings: Any) -> Provocation:
    """A painting for which this share of its memory is free."""

    def paint(_: Bench) -> Any:
        need, areas = 4_000_000_000, []

        def by_area(asked: Any, *_: Any) -> int:
            areas.append(prod(asked.shape))
            return need * areas[-1] // areas[0]

        with (
            patch(f"{FITTING}.predict_bytes", by_area),
            patch(f"{FITTING}.predict_tiled_bytes", by_area),
            patch("impasto.methods.device.free_bytes", return_value=int(need * (share or 0))),
        ):
            prepared(**settings)

    return paint


def memory_that_ends(_: Bench) -> None:
    with device.naming_shortage("slim"):
        raise MemoryError


def never_finite(value: float, gradient: float) -> Provocation:
    def paint(_: Bench) -> Any:
        def evaluate(_self: Any, x: torch.Tensor) -> Any:
            return {"total": value}, torch.full_like(x, gradient)

        with patch("impasto.methods.optimization.objective.Objective.evaluate", evaluate):
            for _event in painting.run(noise(48, 64), noise(48, 64), size=64, steps=4):
                pass

    return paint


def downloaded(answer: Callable[[httpx.Request], httpx.Response]) -> Provocation:
    """A download from a server that answers so."""

    def load(_: Bench) -> Any:
        client = httpx.Client(transport=httpx.MockTransport(answer))
        with patch("impasto.networks.weights.download.Download._client", return_value=client):
            return str(fetch(VGG19, tries=1, backoff_s=0))

    return load


def no_way(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route")


def no_room(_: Bench) -> Any:
    with patch("shutil.disk_usage") as usage:
        usage.return_value.free = 5
        return fetch(VGG19)


def no_folder(bench: Bench) -> Any:
    file = bench.place / "torch"
    file.write_bytes(b"")
    with patch("torch.hub.get_dir", return_value=str(file)):
        return fetch(VGG19)


def other_weights(_: Bench) -> Any:
    path = hub_path(VGG19)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"something else")
    return cache._check_hash(VGG19, path)


def damaged_weights(bench: Bench) -> Any:
    path = bench.place / "a.safetensors"
    path.write_bytes(b"nothing of the kind")
    return read_tensors(path, {})


def damaged_package(bench: Bench) -> Any:
    path = bench.place / "a.bin"
    torch.save({}, path)
    return read_quantized(path, {"a.bias": (1,)}, {"a": "b"}, "reinstall it: pip install a")


def no_package(_: Bench) -> Any:
    supply = cast(Installed, VGG19_ORIGINAL.supply)
    return dataclasses.replace(supply, package="impasto-nowhere").fetch()


def no_such_device(_: Bench) -> Any:
    with patch("impasto.methods.device.available", return_value=["cpu"]):
        return device.choose("cuda")


def no_seventh_device(_: Bench) -> Any:
    with (
        patch("impasto.methods.device.available", return_value=["cuda", "cpu"]),
        patch("torch.cuda.device_count", return_value=1),
    ):
        return device.choose("cuda:7")


def package_that_fails(_: Bench) -> Any:
    class Point:
        dist, value = None, "elsewhere:loss"

        def load(self) -> None:
            raise ImportError("no module")

    with patch("impasto.settings.registry._installed", return_value={"lace": Point()}):
        return registry.load(registry.LOSSES, "lace")


def removed_too_early(bench: Bench) -> Any:
    return bench.store.purge(added(bench).id)


def picture_too_early(bench: Bench) -> str:
    api = TestClient(create_app(bench.store, page=False), base_url=HERE)
    return str(api.get(f"/api/jobs/{added(bench).id}/image").json()["detail"])


# Notes


def noted(beginning: str, notes: Iterable[str]) -> str:
    """The one note with these words."""
    (found,) = (note for note in notes if beginning in note)
    return found


def small_region(_: Bench) -> str:
    mask = grey(48, 64, 0)
    mask[10:30, 10:30] = 255
    return noted("too small a region", prepared(task={"masks": (mask,)}).notes)


def of_size(height: int, width: int, **settings: Any) -> Provocation:
    return lambda _: " ".join(size_notes(PHOTO, height, width, StyleSettings(**settings)))


def of_mask(mask: np.ndarray) -> Provocation:
    return lambda _: " ".join(imaging.mask_for(mask, photo()).notes)


def of_file(data: bytes, words: str) -> Provocation:
    return lambda _: noted(words, imaging.read(data, name=PHOTO).notes)


def tiff(samples: np.ndarray, **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, samples, metadata=None, **options)
    return file.getvalue()


def of_hdr(_: Bench) -> str:
    samples = np.zeros((2, 2, 3), np.uint16)
    data = test_colour_space.png(samples, (b"cICP", bytes([1, 16, 0, 1])))
    return noted("HDR", imaging.read(data, name=PHOTO).notes)


def of_xmp(address: bytes, more: bytes, words: str) -> Provocation:
    def read(_: Bench) -> str:
        file = io.BytesIO()
        Image.new("RGB", (8, 8)).save(file, "JPEG")
        block = test_jpeg_segments.segment(1, b"http://ns.adobe.com/" + address + b"\0" + more)
        data = test_jpeg_segments.after_start(file.getvalue(), block)
        return noted(words, imaging.read(data, name=PHOTO).notes)

    return read


def of_animation(_: Bench) -> str:
    file = io.BytesIO()
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    first.save(file, "GIF", save_all=True, append_images=[second])
    return noted("animation", imaging.read(file.getvalue(), name=PHOTO).notes)


def of_unset_alpha(_: Bench) -> str:
    masks = (0xFF000000, 0xFF00, 0xFF, 0xFF0000)
    data = test_bit_fields.bitmap(masks, header=56, alpha=np.zeros((2, 3), int))
    return noted("would hide", imaging.read(data, name=PHOTO).notes)


def of_signed(_: Bench) -> str:
    samples = noise(4, 4)
    data = test_odd_tiff.tiff([samples.tobytes()], samples.shape, _339=[2] * 3)
    return noted("signed", imaging.read(data, name=PHOTO).notes)


def lost(kind: str, words: str, **parts: Any) -> Provocation:
    return lambda _: noted(words, Metadata(**parts).fitted(kind)[1])


def deep_photograph(_: Bench) -> str:
    photograph = np.zeros((32, 48, 3), np.uint16)
    result = painting.stylize(photograph, noise(32, 48), color="only", bits="8")
    return noted("16 bits", result.omissions("PNG"))


def of_slow_precision(*, goes_on: bool) -> Provocation:
    """What is noted of bf16 where it is no gain."""

    def provoke(_: Bench) -> str:
        settings, cpu = StyleSettings(precision="bf16"), torch.device("cpu")
        with patch("impasto.methods.precision.has_bfloat16", return_value=False):
            return noted("bf16", precision.notes(settings, cpu, goes_on=goes_on))

    return provoke


PROVOCATIONS: dict[str, Provocation] = {
    # Pictures
    "empty": lambda _: imaging.read(b"", name=PHOTO),
    "text": lambda _: check_picture(io.BytesIO(b"a letter to a friend"), "notes.txt", 100),
    "heic": heic_without_its_package,
    "damaged": lambda _: check_picture(io.BytesIO(png()[:8] + bytes(40)), "a.png", 100),
    "cut": lambda _: imaging.read(png(64, 64)[:60], name="style image 2"),
    "no pixel": lambda _: check_picture(header(0, 5), "a.png", 100),
    "huge": lambda _: check_picture(header(9000, 12000), PHOTO, 100),
    "long file": lambda _: check_length(2**26 + 16_000_001, PHOTO, max_megapixels=1),
    "12 bits": lambda _: imaging.read(jpeg_of_12_bits(), name=PHOTO),
    "floats": lambda _: imaging.read(
        tiff(np.full((4, 4, 3), 300, np.float32), photometric="rgb"), name=STYLE
    ),
    "beyond memory": picture_beyond_memory,
    "transparent": lambda _: imaging.filled(photo(0, STYLE)),
    "invisible": lambda _: check_visible(photo(0)),
    "size too small": lambda _: prepared(size=9),
    "photograph too small": lambda _: prepared(noise(6, 8)),
    "shape too small": lambda _: prepared(size=None, shape=(9, 12)),
    "photograph too thin": lambda _: prepared(noise(6, 200)),
    "style too small": lambda _: prepared(style=noise(6, 8)),
    "strokes too small": lambda _: prepared(style_scale=0.1),
    "upload gone": lambda bench: bench.store.add(
        StyleSettings(), {"content": "0" * 64, "style": "1" * 64}
    ),
    "file gone": lambda bench: imaging.read(bench.place / "gone.png"),
    "copy gone": lambda bench: validation.picture_bytes(bench.place / "gone.png"),
    # Masks
    "mask ratio": lambda _: imaging.mask_for(grey(9, 9, 255), photo()),
    "mask black": lambda _: imaging.mask_for(grey(32, 48, 0), photo()),
    "style mask": hidden_style_mask,
    "mask cropped": lambda _: check_masks(photo(), [Picture(grey(32, 48, 0)[..., None])]),
    "mask unseen": lambda _: check_masks(photo(0), [Picture(noise(32, 48), name="the mask")]),
    "all kept": lambda _: check_kept(photo(), Picture(np.full((32, 48, 3), 255, np.uint8)), []),
    "mask kept": lambda _: check_kept(photo(), left(True), [left(True)]),
    "mask too small": tiny_region,
    "mask beyond": lambda _: Drawing(("a", "b", "")).for_styles(1, lambda _: None),
    "mask missing": lambda _: Drawing(("a", "", "")).for_styles(2, lambda _: None),
    "mask long": lambda _: read_drawing("x" * (LARGEST + 1)),
    "mask broken": lambda _: read_drawing("x"),
    "mask count": lambda _: StyleTask(photo(), (photo(), photo()), masks=(photo(),)),
    "masks and shares": lambda _: StyleTask(photo(), (photo(),), (photo(),)).check_blend([1.0]),
    # Settings
    "both": lambda _: StyleSettings(size=9, shape=(9, 9)),
    "balance": lambda _: StyleSettings(strength=0.7, content_weight=1.0),
    "no weight": typed(content_weight="0", style_weight="0"),
    "no share": typed(style_blend="0,0"),
    "shares": lambda _: StyleTask(photo(), (photo(), photo())).check_blend([1.0]),
    "infinite": typed(size="nan"),
    "no number": typed(size="wide"),
    "whole": typed(steps=1.5),
    "at least": lambda _: StyleSettings(coarsest="x"),
    "above": lambda _: StyleSettings(lr="x"),
    "too little": typed(steps=0),
    "not above": typed(lr=0),
    "too much": typed(strength=2),
    "not below": typed(seed=2**64),
    "no choice": typed(fit="bend"),
    "no literal": lambda _: StyleSettings(fit="bend"),
    "long text": typed(shape="9" * 9000),
    "shape": typed(size="", shape="wide"),
    "side": typed(size="", shape="0x5"),
    "ratio": typed(shape="0:5"),
    "shares in words": typed(style_blend="half,half"),
    "twice": typed(style_layers="relu1_1,relu1_1"),
    "no weight of a layer": typed(style_layers="relu1_1=much"),
    "layer weight": typed(style_layers="relu1_1=-1"),
    "no layer": lambda _: preparation.check(StyleSettings(style_layers="relu9_1")),
    "heads": lambda _: preparation.check(StyleSettings(style_loss="gram", gram_heads=3)),
    "no heads": lambda _: preparation.check(StyleSettings(style_loss="sliced", gram_heads=2)),
    "method": method_that_reads_nothing,
    "no backbone": lambda _: StyleSettings(backbone="vgg99"),
    "no recipe": lambda _: StyleSettings(recipe="glitter"),
    # The studio
    "queue full": lambda bench: posted(bench, max_queued=0),
    "queue full meanwhile": lambda bench: added(bench, max_queued=0),
    "own queue full": lambda bench: added(bench, max_per_client=0),
    "asked too often": asked_twice,
    "listeners": one_listener_too_many,
    "upload": lambda _: refused(size=2000, more=True, max_upload_mb=0.001),
    "styles": lambda bench: posted(bench, styles=2, max_styles=1),
    "slow upload": lambda _: refused(more=True, idle_s=0.01),
    "form": lambda bench: posted(bench, broken=True),
    "busy": lambda _: refused(never, answer_s=0.01),
    "no answer": lambda _: str(validation.unreachable("http://localhost", httpx.ReadTimeout(""))),
    "storage": full_disk,
    "data folder": no_data_folder,
    "broken": lambda _: refused(broken),
    "unexpected": lambda _: unexpected(KeyError("x"), "what the worker printed shows where"),
    "dying worker": dying_worker,
    "memory": with_free(0.5),
    "memory for a shape": with_free(0.5, size=None, shape="96x96"),
    "no memory": with_free(0.0),
    "memory ran out": memory_that_ends,
    "infinite loss": never_finite(float("nan"), 0.0),
    "infinite gradient": never_finite(1.0, float("nan")),
    "no network": downloaded(no_way),
    "download broke": downloaded(lambda _: httpx.Response(503)),
    "other bytes": downloaded(lambda _: httpx.Response(200, stream=httpx.ByteStream(b"x"))),
    "no room": no_room,
    "no folder": no_folder,
    "other weights": other_weights,
    "damaged weights": damaged_weights,
    "damaged package": damaged_package,
    "no package": no_package,
    "no device": no_such_device,
    "no seventh device": no_seventh_device,
    "package": package_that_fails,
    "no job": lambda bench: bench.store.get("0" * 32),
    "no id": lambda _: validation.job_id("../x"),
    "not ended": removed_too_early,
    "no picture yet": picture_too_early,
    # Notes
    "small region": small_region,
    "plain": lambda _: noted("plain", prepared(style=grey(48, 64, 9)).notes),
    "blank": lambda _: noted("blank", prepared(grey(48, 64, 9)).notes),
    "smaller": of_size(474, 712, size=1080),
    "smaller part": of_size(474, 712, size=1080, shape="1:1"),
    "enlarged": of_size(474, 712, shape=(1080, 1080)),
    "idle crop": of_size(474, 712, crop="top"),
    "contained": of_size(474, 712, shape=(384, 384), fit="contain"),
    "style smaller": lambda _: noted(
        "not enlarged", prepared(style=noise(32, 32), size=64, upscale=False).notes
    ),
    "style stretched": lambda _: noted(
        "stretch", prepared(style_fit="stretch", style_scale=2).notes
    ),
    "idle seed": lambda _: noted("seed", prepared(seed=3).notes),
    "idle seed of colours": lambda _: noted("seed", prepared(seed=3, color="only").notes),
    "slow precision": of_slow_precision(goes_on=False),
    "precision kept": of_slow_precision(goes_on=True),
    "classes": of_mask(grey(32, 48, 3)),
    "cut-out": of_mask(
        np.dstack([noise(32, 48), grey(32, 48, 255) * (noise(32, 48)[..., 0] > 99)])
    ),
    "photograph as a mask": of_mask(noise(32, 48)),
    "alpha": of_unset_alpha,
    "animation": of_animation,
    "hdr": of_hdr,
    "print": of_file(tiff(np.zeros((2, 2, 4), np.uint16), photometric="separated"), "CMYK"),
    "over": of_file(
        tiff(np.full((4, 4, 3), 1.00003, np.float32), photometric="rgb"), "lies outside"
    ),
    "signed": of_signed,
    "xmp": of_xmp(b"xmp/extension/", b"A" * 32 + bytes(8) + b"<x/>", "64 KiB"),
    "xmp damaged": of_xmp(b"xap/1.0/", b"<x", "damaged"),
    "16 bits": deep_photograph,
    "long exif": lost("JPEG", "too long", iptc=b"\x1c\x02\x05\0\1x" * 20000),
    "no room for the recipe": lost("BMP", "how it was painted", recipe="steps = 1"),
    "no xmp": lost("BMP", "left out", xmp=b"<x/>"),
}
