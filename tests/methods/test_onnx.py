from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, save
from PIL import Image

from impasto import imaging, methods, run, samples, stylize
from impasto.errors import (
    CheckpointError,
    MemoryShortError,
    PictureError,
    SettingError,
    WeightsError,
)
from impasto.events import Finished, Part, Started
from impasto.methods import system_memory
from impasto.methods.onnx import Onnx
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.settings.model_files import reader_of
from impasto.task import StyleTask
from impasto.workflows.executors.process_holders import ProcessHolders
from tests import graphs
from tests.graphs import write_baked, write_pair

PHOTO = np.full((40, 60, 3), (10, 100, 200), np.uint8)
RED, BLUE = (np.full((50, 50, 3), colour, np.uint8) for colour in ((200, 0, 0), (0, 0, 100)))


@pytest.fixture
def baked(tmp_path: Path) -> str:
    return str(write_baked(tmp_path / "my.onnx"))


@pytest.fixture
def pair(tmp_path: Path) -> str:
    return str(write_pair(tmp_path))


def painted(
    model: str, *styles: NDArray[Any], photo: Any = PHOTO, **options: Any
) -> NDArray[np.uint8]:
    masks, keep = options.pop("masks", None), options.pop("keep", None)
    task = StyleTask.of(photo, list(styles), masks=masks, keep=keep, taught=True)
    settings = StyleSettings(model=model, **options)
    method = methods.choose(settings)
    assert isinstance(method, Onnx)
    painting = method.prepare(task, settings, RunOptions())
    assert len(list(painting)) == len(painting)
    return np.asarray(painting.result().picture)


def test_a_baked_graph_paints_in_one_pass(baked: str) -> None:
    assert (painted(baked) == 255 - PHOTO).all()


def test_its_events_are_those_of_one_part(baked: str) -> None:
    task = StyleTask.of(PHOTO, None, taught=True)
    settings = StyleSettings(model=baked, threads=1)
    events = list(Onnx().prepare(task, settings, RunOptions()))
    started, part, finished = events
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert (started.method, started.steps, started.backbone) == ("onnx", 0, "tiny")
    assert (started.shape, started.threads) == ((40, 60), 1)
    assert started.predicted_bytes > 0
    assert isinstance(part, Part)
    assert (part.kind, part.number, part.count) == ("style", 1, 1)
    assert finished.picture.size == (60, 40)


def test_a_painter_takes_the_code_of_the_style_and_the_strength(pair: str) -> None:
    assert painted(pair, RED)[0, 0].tolist() == [200, 0, 0]
    assert painted(pair, RED, strength=1)[0, 0].tolist() == [210, 10, 10]
    half = painted(pair, RED + 20, strength=0.25)
    assert half[0, 0].tolist() == [215, 15, 15]


def test_both_files_of_a_pair_and_the_name_they_were_exported_under_lead_to_it(pair: str) -> None:
    painter = pair.replace("any.onnx", "any-painter.onnx")
    assert (painted(painter, RED) == painted(pair, RED)).all()


def test_several_styles_are_blended_by_their_shares(pair: str) -> None:
    assert painted(pair, RED, BLUE)[0, 0].tolist() == [100, 0, 50]
    assert painted(pair, RED, BLUE, style_blend=(3, 1))[0, 0].tolist() == [150, 0, 25]


def test_codes_of_several_lengths_are_refused(pair: str) -> None:
    nodes = [
        helper.make_node("Cast", ["style"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["levels", "sides"], ["columns"], keepdims=0),
        helper.make_node("Unsqueeze", ["columns", "first"], ["code"]),
    ]
    code = helper.make_tensor_value_info("code", TensorProto.FLOAT, [1, "width"])
    numbers = {"sides": np.array([0, 2]), "first": np.array([0])}
    save(
        graphs.model(nodes, [graphs.STYLE], code, {"kind": "reader"}, numbers),
        reader_of(Path(pair)),
    )
    tall = np.repeat(BLUE, 2, axis=0)
    with pytest.raises(WeightsError, match=r"any-reader\.onnx reads codes of several lengths"):
        painted(pair, RED, tall)


def test_each_style_paints_where_its_mask_is_white_and_the_photograph_stays(pair: str) -> None:
    left, middle = np.zeros((2, 40, 60), np.uint8)
    left[:, :20] = middle[:, 20:40] = 255
    picture = painted(pair, RED, BLUE, masks=[left, middle])
    columns = [picture[20, x].tolist() for x in (5, 30, 55)]
    assert columns == [[200, 0, 0], [0, 0, 100], [10, 100, 200]]


def test_what_is_kept_stays_the_photograph(baked: str) -> None:
    keep = np.zeros((40, 60), np.uint8)
    keep[:, 30:] = 255
    picture = painted(baked, keep=keep)
    assert (picture[:, :25] == 255 - PHOTO[:, :25]).all()
    assert (picture[:, 35:] == PHOTO[:, 35:]).all()


def test_the_picture_is_cut_and_resized_as_the_settings_say(baked: str) -> None:
    assert painted(baked, size=45).shape == (30, 45, 3)
    assert painted(baked, shape="1:1", fit="cover").shape == (40, 40, 3)
    assert painted(baked, shape=(48, 32), fit="stretch").shape == (48, 32, 3)


def test_transparency_goes_through_and_hidden_colours_count_for_nothing(baked: str) -> None:
    photo = np.dstack([PHOTO, np.full((40, 60), 255, np.uint8)])
    photo[:, 30:] = 0
    picture = painted(baked, photo=photo)
    assert picture.shape == (40, 60, 4)
    assert (picture[..., 3] == photo[..., 3]).all()
    assert (picture[:, :30, :3] == 255 - PHOTO[:, :30]).all()


def test_colours_of_the_photograph_are_kept_where_luminance_is_asked_for(baked: str) -> None:
    grey = np.full((40, 60, 3), 90, np.uint8)
    red, green, blue = painted(baked, photo=grey, color="luminance")[0, 0]
    assert red == green == blue == 165


def test_styles_are_given_the_photographs_colours_before_they_are_read(pair: str) -> None:
    picture = painted(pair, RED, color="match")
    assert np.abs(picture.astype(int) - PHOTO).max() <= 1


def test_sixteen_bits_are_kept_in_the_file_and_it_is_said_what_they_are_worth(
    baked: str, tmp_path: Path
) -> None:
    photo = PHOTO.astype(np.uint16) * 257
    events: list[Any] = []
    result = stylize(photo, None, model=baked, on_event=events.append)
    assert any("takes and gives 8 bits a channel" in note for note in events[0].notes)
    result.save(tmp_path / "deep.png")
    assert imaging.read(tmp_path / "deep.png").bits == 16
    assert (
        imaging.read(tmp_path / "deep.png").pixels == (255 - PHOTO).astype(np.uint16) * 257
    ).all()


def test_exif_goes_through(baked: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "somebody"
    Image.fromarray(PHOTO).save(tmp_path / "in.jpg", exif=exif)
    stylize(tmp_path / "in.jpg", None, model=baked).save(tmp_path / "out.jpg")
    with Image.open(tmp_path / "out.jpg") as image:
        assert image.getexif()[0x013B] == "somebody"


def test_a_model_that_is_no_graph_is_another_methods(baked: str) -> None:
    assert methods.choose(StyleSettings(model="my.safetensors")).name == "one-pass"
    with pytest.raises(SettingError, match="model means nothing to the method optimization"):
        methods.choose(StyleSettings(model=baked, method="optimization"))
    assert methods.choose(StyleSettings(model=baked, method="onnx")).name == "onnx"


@pytest.mark.parametrize(
    ("styles", "options", "words"),
    [
        ([RED], {}, "paints 'negative' and nothing else: leave STYLE out"),
        ([], {"strength": 0.3}, "and strength would change that: leave it out"),
        ([], {"style_scale": 2}, "and style_scale would change that"),
        ([], {"color": "match"}, "and that of .* is baked in: choose another --color"),
        ([], {"color": "only"}, "color is only, which paints nothing"),
        ([], {"steps": 9}, "steps means nothing to the method onnx"),
        ([], {"backbone": "vgg19"}, "backbone means nothing to the method onnx"),
        ([], {"device": "cuda"}, "device means nothing to the method onnx"),
    ],
)
def test_what_a_baked_style_leaves_no_room_for_is_refused_by_name(
    styles: list[Any], options: dict[str, Any], words: str, baked: str
) -> None:
    with pytest.raises(SettingError, match=words):
        painted(baked, *styles, **options)


def test_a_painter_needs_a_style_and_its_own_reader(pair: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="paints any style, and none is given: name one"):
        painted(pair)
    with pytest.raises(WeightsError, match="reads styles and paints nothing: name the file that"):
        painted(pair.replace("any.onnx", "any-reader.onnx"), RED)
    write_pair(tmp_path, pair="another")
    with pytest.raises(WeightsError, match=r"does not belong to any-painter.onnx: export both"):
        painted(pair, RED)
    (tmp_path / "any-reader.onnx").unlink()
    with pytest.raises(WeightsError, match="there is no such file beside it: put it there"):
        painted(pair, RED)


def test_pictures_that_are_too_small_are_refused(baked: str, pair: str) -> None:
    with pytest.raises(PictureError, match=r"would be 30 x 20 px; the smallest .* has 24 px"):
        painted(baked, size=30)
    with pytest.raises(PictureError, match=r"the smallest .* has 32 px .* a larger --style-scale"):
        painted(pair, RED, style_scale=0.5)


def test_what_only_torch_does_is_refused_by_name(pair: str) -> None:
    task = StyleTask.of(PHOTO, [RED])
    settings, method = StyleSettings(model=pair), Onnx()
    for changes, words in (
        ({"start": PHOTO}, "--init is of the method optimization, which needs torch"),
        ({"style_masks": (PHOTO,)}, "--style-mask is of the method optimization"),
    ):
        with pytest.raises(SettingError, match=words):
            method.prepare(task.replace(**changes), settings, RunOptions())
    with pytest.raises(SettingError, match="--cluster is of the method optimization"):
        method.prepare(task, settings, RunOptions(holders=ProcessHolders(1)))
    checkpoint: Any = object()
    with pytest.raises(CheckpointError, match="has no checkpoint: paint it anew"):
        method.prepare(task, settings, RunOptions(resume=checkpoint))
    with pytest.raises(CheckpointError, match="keeps no checkpoint"):
        method.prepare(task, settings, RunOptions()).checkpoint()
    for model, words in ((None, "model is None: give --model"), ("a.onnx:b", "has no rows")):
        with pytest.raises(SettingError, match=words):
            method.check(StyleSettings(model=model))


def test_what_does_not_fit_in_memory_is_refused_with_a_size_that_does(
    baked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_memory, "free_bytes", lambda: 1_000_000)
    with pytest.raises(MemoryShortError, match=r"60 x 40 px .* pass --size 16, or --force"):
        painted(baked)
    assert painted(baked, force=True).shape == (40, 60, 3)


def test_a_large_picture_is_painted_in_little_memory(
    baked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.methods.onnx.LEAN_FROM", 100)
    assert (painted(baked) == 255 - PHOTO).all()


def test_the_graph_is_not_overwritten_by_the_painting(baked: str) -> None:
    result = stylize(PHOTO, None, model=baked)
    assert Path(baked) in result.inputs


def test_before_the_pass_the_picture_is_the_photograph(baked: str) -> None:
    painting = run(PHOTO, None, model=baked)
    assert (np.asarray(painting.picture()) == PHOTO).all()
    assert painting.shape == (40, 60)
    assert list(painting.past_events()) == []
    assert painting.seconds >= 0


def test_faces_are_kept_by_a_painter_that_has_a_strength(pair: str) -> None:
    head = Image.open(samples.content("astronaut")).convert("RGB").resize((256, 256))
    plain, kept = (painted(pair, RED, photo=head, keep_faces=keep) for keep in (False, True))
    assert plain.shape == kept.shape
    task = StyleTask.of(head, [RED], taught=True)
    settings = StyleSettings(model=pair, keep_faces=True)
    run = methods.choose(settings).prepare(task, settings, RunOptions())
    started = next(iter(run))
    assert isinstance(started, Started)
    assert "1 face is found in the content image and kept" in started.notes


def test_a_baked_strength_keeps_no_faces(baked: str) -> None:
    with pytest.raises(SettingError, match="keep_faces paints faces at a lower strength"):
        painted(baked, keep_faces=True)
