"""What the READMEs and the first page of the docs tell people to type, typed."""

from __future__ import annotations

import re
import shlex
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from typer.main import get_command

import impasto
from impasto import imaging, samples
from impasto.cli import main
from impasto.cli.app import app
from impasto.errors import pip_line
from impasto.settings import StyleSettings, load_settings
from impasto.settings.recipe_writing import record
from impasto.workflows.batch import runner
from impasto.workflows.executors.local import SerialExecutor
from tests.films import make_film
from tools.blocks import code_blocks, prose_of, run_python

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
GUIDE = ROOT / "docs" / "getting-started.md"
ARTISTS = ROOT / "docs" / "artists.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GALLERY = ROOT / "docs" / "gallery"

QUICKLY = {
    "stylize": ["--steps", "2"],
    "demo": ["--size", "128", "--steps", "2"],
    "batch": ["--steps", "1"],
    "explore": ["--size", "72", "--steps", "1"],
    "doodle": ["--size", "96", "--steps", "1"],
    "letter": ["--size", "96", "--steps", "1"],
    "portrait": ["--size", "72", "--steps", "1"],
}


def commands(page: Path) -> list[list[str]]:
    """The impasto commands of a page's shell blocks, as words."""
    lines = [line for _, block in code_blocks(page, "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("impasto ")]


def commands_in_prose(page: Path) -> list[list[str]]:
    """The impasto commands that stand between backticks."""
    return [shlex.split(text) for text in re.findall(r"`impasto ([^`]+)`", prose_of(page))]


def is_quick(words: list[str]) -> bool:
    """Whether a command neither downloads weights nor paints for longer than a test may."""
    if words[0] in ("doctor", "backbone"):
        return False
    return words[0] != "stylize" or settings_in(parse(words)).backbone == "slim"


def parse(words: list[str]) -> dict[str, Any]:
    """The parameters a command is called with; an error if there is no such command."""
    command, rest = get_command(app), list(words)
    while rest and hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    parameters: dict[str, Any] = command.make_context("impasto", rest).params
    return parameters


@pytest.mark.parametrize(
    ("page", "extra"),
    [
        *(
            (page, extra)
            for page in ("README.md", "README.zh-CN.md")
            for extra in ("web", "vgg", "video")
        ),
        *(("docs/getting-started.md", extra) for extra in ("heic", "vgg")),
    ],
)
def test_an_extra_is_added_as_the_messages_say_it(page: str, extra: str) -> None:
    assert pip_line(extra) in (ROOT / page).read_text()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in with a small photograph, a small painting and a short film."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path / "config"))
    Path("photos").mkdir()
    for source, name in (
        (samples.content("chelsea"), "photo.jpg"),
        (samples.content("coffee"), "photos/coffee.jpg"),
        (samples.style("swirls"), "painting.jpg"),
        (samples.style("woodcut"), "other.jpg"),
    ):
        with Image.open(source) as picture:
            side = 72 if source.parent.name == "content" else 144
            picture.thumbnail((side, side))
            picture.save(name)
    make_film(Path("film.mp4"), count=4)
    with Image.open("photo.jpg") as photo, Image.open("painting.jpg") as painting:
        left = Image.linear_gradient("L").rotate(90).resize(photo.size)
        left.save("left.png")
        ImageOps.invert(left).save("right.png")
        left.point(lambda level: 255 * (level > 100)).save("subject.png")
        Image.new("L", painting.size, 255).save("painting-sky.png")
        photo.putalpha(left)
        photo.save("sticker.png")
    drawing = Image.new("RGB", (96, 72), "#3a5a9c")
    drawing.paste("#e8c860", (60, 8, 80, 28))
    drawing.paste("#20304a", (0, 48, 96, 72))
    drawing.save("drawing.png")
    flame = Image.new("RGB", (96, 96), "black")
    flame.paste("orange", (36, 20, 60, 76))
    flame.save("flame.png")
    return tmp_path


def test_the_readmes_show_the_same_python() -> None:
    english, chinese = (
        [re.sub(r" *#.*", "", block) for _, block in code_blocks(page, "python")]
        for page in READMES
    )
    assert english == chinese


@pytest.mark.parametrize("page", [READMES[0], ARTISTS], ids=lambda page: page.name)
def test_the_python_of_a_readme_paints_a_picture(
    page: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impasto, "stylize", partial(impasto.stylize, steps=2))
    run_python(page)
    with Image.open(desk / "painted.png") as image:
        assert image.size == (72, 48)


@pytest.mark.parametrize("page", [READMES[0], GUIDE, ARTISTS], ids=lambda page: page.name)
def test_every_command_of_a_page_does_what_it_says(
    page: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The processes of a batch, each with an import of torch, are those of tests/cli/test_batch.py.
    monkeypatch.setattr(runner, "ProcessExecutor", lambda _jobs: SerialExecutor())
    # All styles are these few, for a painting in each would take long.
    few = (*samples.names("style")[:2], "watercolour", "woodcut")
    listed = {"content": samples.names("content"), "style": few}
    monkeypatch.setattr(samples, "names", listed.__getitem__)
    ran = 0
    for words in commands(page):
        parse(words)
        if is_quick(words):
            quickly = QUICKLY.get(words[0], [])
            if "--checkpoint" in words:
                quickly = ["--steps", "26"]  # the first one is written after 25
            if "--size" in words:  # a poster's
                quickly = [*quickly, "--size", "96"]
            assert main([*words, *quickly]) == 0, words
            ran += 1
            if "-o" in words:
                assert (desk / words[words.index("-o") + 1]).exists()
    assert ran


@pytest.mark.parametrize("page", [*READMES, GUIDE], ids=lambda page: page.name)
def test_every_command_named_in_passing_exists(page: Path) -> None:
    phrases = commands_in_prose(page)
    assert phrases
    for words in phrases:
        parse(words)


def test_an_option_that_does_not_exist_would_be_noticed() -> None:
    with pytest.raises(Exception, match="--strenght"):
        parse(["stylize", "photo.jpg", "painting.jpg", "-o", "x.png", "--strenght", "1"])


@pytest.mark.parametrize("page", [*READMES, GUIDE], ids=lambda page: page.name)
def test_every_option_named_in_passing_is_one_that_stylize_takes(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    imaging.write("painted.png", np.zeros((4, 4, 3)), recipe=record(StyleSettings(), {}))
    command: Any = get_command(app)
    parameters = command.commands["stylize"].params
    names = {"--help", "--help-all"}
    names |= {name for p in parameters for name in (*p.opts, *p.secondary_opts)}
    phrases = [shlex.split(text) for text in re.findall(r"`(--[a-z][^`]*)`", prose_of(page))]
    assert phrases
    for words in phrases:
        assert {word for word in words if word.startswith("-")} <= names
        if len(words) > 1:
            settings = parse(["stylize", "photo.jpg", "painting.jpg", "-o", "x.png", *words])
            settings_in(settings)  # the values are ones it takes


def settings_in(arguments: dict[str, Any]) -> StyleSettings:
    """The settings among the parameters of `stylize`."""
    return load_settings({n: arguments[n] for n in StyleSettings.model_fields if arguments.get(n)})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if GALLERY in path.parents and not GALLERY.exists():
            continue  # painted by `python -m tools.gallery`
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_both_readmes_show_the_same_code_pictures_and_headings() -> None:
    def outline(page: Path) -> tuple[Any, ...]:
        text, prose = page.read_text(encoding="utf-8"), prose_of(page)
        return (
            re.findall(r"^```.*?^```$", text, re.MULTILINE | re.DOTALL),
            re.findall(r"^#+", prose, re.MULTILINE),
            re.findall(r"!\[[^]]*\]\(([^)]+)\)", prose),
            len(re.findall(r"^\|", prose, re.MULTILINE)),
            len(re.findall(r"^- ", prose, re.MULTILINE)),
        )

    english, chinese = map(outline, READMES)
    assert english == chinese
    assert english[0]


def test_the_readmes_link_to_each_other() -> None:
    english, chinese = READMES
    assert f"]({chinese.name})" in prose_of(english)
    assert f"]({english.name})" in prose_of(chinese)
