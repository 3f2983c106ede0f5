from __future__ import annotations

from pathlib import Path

import pytest

from impasto.cli import main


@pytest.fixture
def complaint(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """What a command says that refuses its words, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def told(*words: str) -> str:
        assert main(list(words)) == 2
        return capsys.readouterr().err.removeprefix("impasto: ").removesuffix("\n")

    return told


def test_pictures_without_a_command_are_answered_with_the_one_that_paints(complaint) -> None:  # type: ignore[no-untyped-def]
    assert complaint("my photo.jpg", "painting.jpg", "-o", "x.png") == (
        "my photo.jpg is a picture, where a command belongs: did you mean "
        "impasto stylize 'my photo.jpg' painting.jpg -o x.png"
    )
    assert complaint("a.png", "--size", "64").endswith("impasto stylize a.png STYLE --size 64")
    assert complaint("chelsea", "swirls").endswith("impasto stylize chelsea swirls")
    Path("photo").touch()
    assert complaint("photo", "swirls").endswith("impasto stylize photo swirls")


def test_a_wrong_command_is_answered_with_the_nearest_in_its_group(complaint) -> None:  # type: ignore[no-untyped-def]
    assert "did you mean 'styles'?" in complaint("style")
    assert complaint("recipe", "delet", "x") == (
        "'delet' is not a command of impasto recipe; did you mean 'delete'? "
        "There are: list, save, show, delete"
    )
    assert complaint("recipe", "photo.jpg").startswith("'photo.jpg' is not a command of impasto")
    assert "fetch" in complaint("backbone", "get")
