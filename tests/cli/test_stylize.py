"""`impasto stylize` with several styles, masks and colours, as a person calls it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main
from impasto.files import file_sha256
from impasto.methods import state_file
from impasto.settings.embedded import text_in
from impasto.workflows.film.paths import FORMAT, journal_path

CONTENT = str(samples.content("chelsea"))
STYLE, OTHER = str(samples.style("swirls")), str(samples.style("woodcut"))
FAST = ["--size", "96", "--coarsest", "0", "--steps", "6", "--quiet"]


@pytest.fixture
def masks(tmp_path: Path) -> tuple[str, str]:
    """Left and right half, of the content's ratio and another size."""
    left = np.zeros((100, 150), np.uint8)
    left[:, :75] = 255
    paths = str(tmp_path / "left.png"), str(tmp_path / "right.png")
    for path, mask in zip(paths, (left, 255 - left), strict=True):
        Image.fromarray(mask).save(path)
    return paths


def paint(folder: Path, *arguments: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    out = folder / "out.png"
    assert main(["stylize", CONTENT, *arguments, "-o", str(out), "--overwrite", *FAST]) == 0
    return np.asarray(Image.open(out).convert("RGB"))


def complaint(
    folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2
) -> str:
    out = folder / "out.png"
    assert main(["stylize", CONTENT, *arguments, "-o", str(out), *FAST]) == code
    assert not out.exists()
    line = capsys.readouterr().err.removesuffix("\n")
    assert line.startswith("impasto: ")
    assert "\n" not in line
    return line


def test_several_styles_are_blended_by_their_shares(tmp_path: Path) -> None:
    one = paint(tmp_path, STYLE)
    mostly_one = paint(tmp_path, STYLE, OTHER, "--style-blend", "1,0")
    half = paint(tmp_path, STYLE, OTHER)
    assert np.abs(one.astype(int) - mostly_one).max() <= 1
    assert np.abs(one.astype(int) - half).mean() > 1


def test_a_mask_for_each_style(tmp_path: Path, masks: tuple[str, str]) -> None:
    left, right = masks
    both = paint(tmp_path, STYLE, OTHER, "--mask", left, "--mask", right)
    other_way = paint(tmp_path, OTHER, STYLE, "--mask", left, "--mask", right)
    assert np.abs(both.astype(int) - other_way).mean() > 1
    alone = paint(tmp_path, STYLE, "--mask", left, "--style-mask", STYLE)
    photo = Image.open(CONTENT).convert("RGB").resize((96, 64), Image.Resampling.LANCZOS)
    assert np.abs(alone[:, 50:].astype(int) - np.asarray(photo)[:, 50:]).max() <= 1


def test_what_is_kept_is_the_inverse_of_a_mask(tmp_path: Path, masks: tuple[str, str]) -> None:
    kept = paint(tmp_path, STYLE, "--keep", masks[0])
    masked = paint(tmp_path, STYLE, "--mask", masks[1])
    assert np.abs(kept.astype(int) - masked).max() <= 2


def test_colours_alone_are_painted_at_once(tmp_path: Path) -> None:
    assert paint(tmp_path, STYLE, "--color", "only").any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mask", "LEFT"], "1 mask for 2 styles: give one mask for each style"),
        (["--style-mask", "LEFT"], "1 style mask for 2 styles"),
        (["--style-blend", "1"], "style_blend has 1 share for 2 styles"),
        (["--style-blend", "1,x"], "give numbers with commas between, like 0.7,0.3"),
        (["--mask", "TALL", "--mask", "LEFT"], "tall.png is 30 x 45 px"),
        (["--mask", "BLACK", "--mask", "LEFT"], "black.png is black everywhere"),
        (["--mask", "nowhere.png", "--mask", "LEFT"], "nowhere.png does not exist"),
        (["--color", "pink"], "color is 'pink': it must be 'style', 'luminance', 'match'"),
        (["--style-scale", "0"], "style_scale is '0': give a number above 0"),
        (["--style-scale", "0.05"], "pass a larger picture, or a larger --style-scale"),
        (["--style-loss", "cubist"], "'cubist' is not a style loss"),
        (["--color", "only", "--plot", "p.svg"], "takes no steps, so --plot has nothing to write"),
    ],
)
def test_what_does_not_fit_is_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    masks: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    Image.new("L", (30, 45), 255).save(tmp_path / "tall.png")
    Image.new("L", (150, 100), 0).save(tmp_path / "black.png")
    places = {"LEFT": masks[0], "TALL": tmp_path / "tall.png", "BLACK": tmp_path / "black.png"}
    options = [str(places.get(word, word)) for word in arguments]
    assert message in complaint(tmp_path, capsys, STYLE, OTHER, *options)


def test_a_mask_is_never_overwritten(
    masks: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(masks[0]).read_bytes()
    arguments = ["stylize", CONTENT, STYLE, "--mask", masks[0], "-o", masks[0], *FAST]
    assert main(arguments) == 2
    assert "is one of the inputs" in capsys.readouterr().err
    assert Path(masks[0]).read_bytes() == before


def test_what_is_unexpected_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = tmp_path / "small.png"
    Image.open(STYLE).resize((64, 64)).save(small)
    loud = [word for word in FAST if word != "--quiet"]
    assert main(["stylize", CONTENT, str(small), "-o", str(tmp_path / "o.png"), *loud]) == 0
    assert "note: " in (output := capsys.readouterr().err)
    assert "not enlarged to 96 px" in output


def test_a_painting_says_how_it_was_made_and_paints_so_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.png", tmp_path / "second.jpg"
    assert main(["stylize", CONTENT, STYLE, "-o", str(first), "--strength", "0.7", *FAST]) == 0
    capsys.readouterr()
    assert main(["recipe", "show", str(first)]) == 0
    shown = tomllib.loads(capsys.readouterr().out)
    assert shown["strength"] == 0.7
    assert shown["painting"]["content"]["name"] == Path(CONTENT).name
    assert shown["painting"]["style"]["sha256"] == file_sha256(Path(STYLE))
    again = ["stylize", CONTENT, STYLE, "-o", str(second), "--recipe", str(first), "-q"]
    assert main(again) == 0
    assert text_in(second.read_bytes()) == text_in(first.read_bytes())
    assert str(tmp_path) not in str(text_in(first.read_bytes()))


def test_no_recipe_leaves_it_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.png"
    assert main(["stylize", CONTENT, STYLE, "-o", str(out), "--no-recipe", *FAST]) == 0
    assert text_in(out.read_bytes()) is None
    capsys.readouterr()
    assert main(["recipe", "show", str(out)]) == 2
    assert "out.png holds no recipe" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--plot", "--log"])
def test_what_is_there_is_overwritten_only_when_asked(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, report = tmp_path / "out.png", tmp_path / ("a.jsonl" if option == "--log" else "a.png")
    command = ["stylize", CONTENT, STYLE, "-o", str(out), option, str(report), "-q", *FAST]
    for there in (out, report):
        there.write_bytes(b"mine")
        assert main(command) == 2
        assert f"{there.name} is there already" in capsys.readouterr().err
        assert there.read_bytes() == b"mine"
        there.unlink()
    out.write_bytes(b"mine")
    assert main([*command, "--overwrite"]) == 0
    assert out.read_bytes() != b"mine"


def test_numbered_pictures_of_an_earlier_run_are_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out-00002.png").write_bytes(b"mine")
    command = ["stylize", CONTENT, STYLE, "-o", str(tmp_path / "out.png"), *FAST]
    assert main([*command, "--save-every", "2"]) == 2
    assert "out-00002.png is there already" in capsys.readouterr().err
    assert main(command) == 0


def test_samples_are_styles_and_photographs_by_name_and_the_output_may_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    line = ["stylize", "chelsea", "swirls", *FAST[:-1]]
    assert main(line) == main(line) == 0
    names = [told.split("  ")[0] for told in capsys.readouterr().out.splitlines()]
    assert names == ["chelsea-swirls.png", "chelsea-swirls-2.png"]
    here = [np.asarray(Image.open(name)) for name in names]
    assert np.array_equal(here[0], paint(tmp_path, STYLE))
    assert np.array_equal(*here)


def test_a_file_wins_over_the_sample_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.open(OTHER).save("swirls", "PNG")
    assert np.array_equal(paint(tmp_path, "swirls"), paint(tmp_path, "./swirls"))
    assert not np.array_equal(paint(tmp_path, "swirls"), paint(tmp_path, STYLE))


def test_a_wrong_name_of_a_sample_is_told_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "did you mean swirls? (impasto styles" in complaint(tmp_path, capsys, "swirls2")
    assert "swirls.png does not exist: there is no" in complaint(tmp_path, capsys, "swirls.png")


@pytest.mark.parametrize("more", [[], ["--overwrite"]])
def test_the_journal_of_a_film_is_never_dropped(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    journal = journal_path(tmp_path / "out.mp4")
    state_file.save(journal, FORMAT, {}, {}, "it")
    line = complaint(tmp_path, capsys, STYLE, *more)
    assert "keeps other work: choose another output, or move it away" in line
    line = complaint(tmp_path, capsys, STYLE, *more, "--checkpoint", str(journal))
    assert "where this painting would be kept, keeps other work" in line
    assert state_file.format_of(journal) == FORMAT
    # What keeps nothing of its own may lie beside it.
    assert main(["stylize", CONTENT, STYLE, "-o", str(tmp_path / "out.png"), "--fast", "-q"]) == 0
    assert state_file.format_of(journal) == FORMAT


def test_what_is_no_checkpoint_is_replaced_by_one_if_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("dear to me")
    wish = ["--checkpoint", str(kept), "--checkpoint-every", "3"]
    assert "is no checkpoint: choose another" in complaint(tmp_path, capsys, STYLE, *wish)
    assert kept.read_text() == "dear to me"
    paint(tmp_path, STYLE, *wish)
    assert state_file.format_of(kept) == "impasto checkpoint 2"
