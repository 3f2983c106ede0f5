from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from PIL import Image

import impasto
from impasto.cli import main
from impasto.cli.words import GRAMMAR
from impasto.words.vocabulary import KINDS
from tests.clips import write_clip

SMALL = ["--size", "48", "--steps", "2", "--threads", "1"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("IMPASTO_LIBRARY", str(tmp_path / "library"))
    Image.radial_gradient("L").resize((48, 32)).convert("RGB").save("photo.jpg")
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save("own.jpg")


def test_the_vocabulary_is_listed_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words"]) == 0
    page = capsys.readouterr().out
    assert {line for line in page.splitlines() if not line.startswith(" ")} == {*KINDS, GRAMMAR}
    assert "watercolour" in page
    assert "水彩" in page


def test_one_kind_is_listed_alone_and_with_all_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["words", "tone", "--also"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("tone\n")
    assert "watercolour" not in page
    assert "偏冷" not in page
    assert "冷色" in page


def test_a_phrase_shows_its_plan_and_paints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "三分水彩七分浮世绘，偏冷，量子"]) == 0
    *_, unknown, line = capsys.readouterr().out.splitlines()
    assert "量子: unknown" in unknown
    assert line == (
        "impasto stylize photo.jpg ukiyo-e watercolour --style-blend 0.7,0.3 --tone cold=0.6"
    )


def test_a_program_gets_the_plan_and_the_terms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "cold oil", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["tone"] == {"cold": 1.0}
    assert plan["command"].startswith("impasto stylize photo.jpg paint:oil")
    assert main(["words", "colour", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["terms"]) > 200


def test_words_that_say_nothing_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "quantum flux"]) == 2
    error = capsys.readouterr().err
    assert "quantum is unknown" in error
    assert "impasto words" in error


def test_the_library_is_searched_by_title_and_by_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", "add", "own.jpg", "--title", "Grandma's zeppelin"]) == 0
    name = capsys.readouterr().out.strip()
    assert main(["words", "mosaic, a little zeppelin"]) == 0
    assert f"photo.jpg mosaic {name} " in capsys.readouterr().out
    assert main(["words", "broad, warm, not dark"]) == 0
    told = capsys.readouterr().out
    assert "is most broad and not dark and warm" in told
    line = shlex.split(told.splitlines()[-1])
    assert line[3] == impasto.plan("broad, warm, not dark").sources()[0]


def test_the_line_that_is_shown_paints_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    text = "half watercolour, half woodcut, ochre and navy, a bit dark, broad strokes"
    assert main(["stylize", "photo.jpg", "--text", text, *SMALL, "-o", "worded.png"]) == 0
    *_, line = [row for row in capsys.readouterr().err.splitlines() if row.startswith("impasto ")]
    typed = shlex.split(line)[1:]
    typed[typed.index("worded.png")] = "typed.png"
    assert main([*typed, "--quiet"]) == 0
    assert Path("worded.png").read_bytes() == Path("typed.png").read_bytes()


def test_a_picture_beside_the_words_has_a_share_and_what_is_typed_counts_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--text", "a touch of woodcut, very subtle", "--strength", "0.8"]
    line = ["stylize", "photo.jpg", "own.jpg", *words, *SMALL, "-o", "out.png"]
    assert main(line) == 0
    told = capsys.readouterr().err
    assert "strength is as it was typed" in told
    assert "stylize photo.jpg own.jpg woodcut" in told
    assert "--strength 0.8" in told


def test_a_program_gets_the_plan_beside_the_painting(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["stylize", "photo.jpg", "--text", "woodcut, cold", *SMALL, "-o", "out.png", "--json"]
    assert main(line) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert json.loads(printed.out)["plan"]["styles"] == [{"source": "woodcut", "share": 1.0}]


@pytest.mark.usefixtures("warm_workers")
def test_a_batch_is_painted_by_words(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--text", "woodcut, monochrome", "--fast", "--size", "48"]
    assert main(["batch", "photo.jpg", "-o", "painted", *words]) == 0
    assert "impasto batch photo.jpg --style woodcut -o painted" in capsys.readouterr().err
    assert len(list(Path("painted").glob("*.jpg"))) == 1


def test_the_colours_of_the_photograph_leave_no_room_for_a_palette(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--text", "woodcut in ochre", "--color", "luminance"]
    assert main(["stylize", "photo.jpg", *words, *SMALL, "-o", "out.png"]) == 0
    assert "no room for the palette" in capsys.readouterr().err


def test_without_style_and_words_both_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stylize", "photo.jpg"]) == 2
    assert "--text" in capsys.readouterr().err


@pytest.mark.parametrize(
    "reader",
    [
        ["--clip", "models/clip"],
        ["--endpoint", "http://127.0.0.1:9", "--language-model", "small"],
        ["--language-model", "small"],
    ],
)
def test_who_reads_words_is_of_no_use_without_any(
    reader: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stylize", "photo.jpg", "own.jpg", *reader, *SMALL, "-o", "out.png"]) == 2
    told = capsys.readouterr().err
    assert f"{reader[0]} is {reader[1]}, and there are no words to read: give --text" in told


def test_a_clip_chooses_styles_and_guides_a_painting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("transformers", reason="the extra clip is not installed")
    write_clip(tmp_path / "clip")
    line = ["stylize", "photo.jpg", "--text", "cold", "--clip", "clip", *SMALL]
    assert main([*line, "-o", "plain.png"]) == 0
    assert "CLIP finds these nearest" in capsys.readouterr().err
    guided = ["--text-weight", "9", "--text-source", "red"]
    assert main([*line, *guided, "-o", "guided.png"]) == 0
    assert "guides the painting too" in capsys.readouterr().err
    pictures = [Image.open(name).tobytes() for name in ("plain.png", "guided.png")]
    assert pictures[0] != pictures[1]


def test_where_no_language_model_answers_the_vocabulary_reads(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    reader = ["--endpoint", "http://127.0.0.1:9/v1", "--language-model", "small"]
    line = ["stylize", "photo.jpg", "--text", "woodcut", *reader, *SMALL, "-o", "out.png"]
    assert main(line) == 0
    told = capsys.readouterr().err
    assert "read by the vocabulary" in told
    assert "127.0.0.1:9 cannot be asked" in told


@pytest.mark.parametrize(
    "command",
    [
        "batch photo.jpg --style own.jpg -o painted --text-weight 0.5",
        "video film.mp4 own.jpg -o painted.mp4 --text-weight 0.5",
        "explore photo.jpg own.jpg --variants 2 --text-weight 0.5",
        "explore photo.jpg own.jpg --vary text_weight=0.5,1",
    ],
)
def test_only_stylize_is_guided_by_words_and_the_others_say_so(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*shlex.split(command), "--text", "fire"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "text_weight is 0.5, and only impasto stylize paints by words: leave it out" in told
