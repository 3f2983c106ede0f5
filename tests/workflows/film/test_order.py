from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import FilmError
from impasto.settings import StyleSettings
from impasto.workflows.film.order import Order
from impasto.workflows.film.style_times import style_times


def order(**more: object) -> Order:
    settings = StyleSettings(method="one-pass", strength=0.7, threads=3)
    return Order("paint", "in.mp4", "out.mp4", settings, (48, 64), **more)  # type: ignore[arg-type]


def test_what_a_journal_keeps_is_the_same() -> None:
    names, times = style_times(["a.png"], None, [(Fraction(1, 3), "b.png")], 0.5)
    asked = order(
        styles=names,
        times=times,
        tracks="in.mp4",
        start=Fraction(1, 7),
        rate=Fraction(30_000, 1001),
        codec="ffv1",
        masks=("m.png", "n.png"),
        style_masks=("s.png", "t.png"),
        keep="k.mp4",
    )
    kept = json.loads(json.dumps(asked.as_json()))
    assert Order.from_json(kept) == asked


def test_a_journal_from_before_there_were_masks_has_none() -> None:
    asked = order(styles=("a.png",))
    kept = json.loads(json.dumps(asked.as_json()))
    for name in ("masks", "style_masks", "keep", "still_masks"):
        del kept[name]
    assert Order.from_json(kept) == asked


def test_paths_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = StyleSettings(model="own.safetensors:blue", size=64)
    asked = Order("paint", "in.mp4", "out/%d.png", settings, (48, 64), ("a.png",), tracks="in.mp4")
    asked = replace(asked, masks=("m.png",), style_masks=("s.png",), keep="k/%d.png")
    there = asked.located()
    assert there.places == (str(tmp_path / "m.png"), str(tmp_path / "k/%d.png"))
    assert there.style_masks == (str(tmp_path / "s.png"),)
    assert (there.film, there.output) == (str(tmp_path / "in.mp4"), str(tmp_path / "out/%d.png"))
    assert (there.styles, there.tracks) == ((str(tmp_path / "a.png"),), str(tmp_path / "in.mp4"))
    assert there.settings.model == f"{tmp_path / 'own.safetensors'}:blue"
    assert there.settings.explicit == settings.explicit


def test_inputs_are_the_film_its_original_the_styles_and_the_network(tmp_path: Path) -> None:
    film = tmp_path / "in.mp4"
    film.touch()
    asked = Order(
        "paint", str(film), None, StyleSettings(model="own.safetensors"), (4, 4), ("a.png",)
    )
    assert asked.inputs() == {
        "the film": film,
        "style 1": Path("a.png"),
        "network 1": Path("own.safetensors"),
    }


def test_masks_are_inputs(tmp_path: Path) -> None:
    film, matte = tmp_path / "in.mp4", tmp_path / "matte"
    film.touch()
    matte.mkdir()
    for n in (1, 2):
        Image.new("L", (4, 4)).save(matte / f"{n}.png")
    masks = {"masks": (str(film),), "style_masks": ("s.png",), "keep": str(matte)}
    asked = Order("paint", str(film), None, StyleSettings(), (4, 4), ("a.png",), **masks)
    assert asked.inputs() == {
        "the film": film,
        "mask 1": film,
        "the mask of what is kept": matte / "1.png",
        "the mask of what is kept, picture 2": matte / "2.png",
        "style 1": Path("a.png"),
        "style mask 1": Path("s.png"),
    }


def test_every_picture_of_a_folder_is_an_input(tmp_path: Path) -> None:
    with pytest.raises(FilmError):
        Order("paint", str(tmp_path), None, StyleSettings(), (4, 4)).inputs()
    for n in (1, 2):
        Image.new("RGB", (4, 4)).save(tmp_path / f"{n}.png")
    asked = Order("paint", str(tmp_path / "%d.png"), None, StyleSettings(), (4, 4))
    assert asked.inputs() == {
        "the film": tmp_path / "1.png",
        "the film, picture 2": tmp_path / "2.png",
    }
