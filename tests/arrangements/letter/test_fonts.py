"""Which font draws what, and what is said of characters that none has."""

from __future__ import annotations

from pathlib import Path

import pytest

from impasto.arrangements.letter import fonts
from impasto.arrangements.letter.fonts import Face, Run, is_wide, runs_of
from impasto.errors import SettingError
from tests.arrangements.letter.lettered import FONT

LOST = "\U0001fbf0\U0010fffd"  # of them DejaVu has none


def test_one_font_of_its_own_draws_all_of_a_line() -> None:
    assert runs_of("Ångström", FONT) == [Run("Ångström", Face(FONT))]


def test_characters_without_a_glyph_are_named_with_their_numbers() -> None:
    with pytest.raises(SettingError, match=r"no glyph for \U0010fffd \(U\+10FFFD\)"):
        runs_of(f"a{LOST[1]}b", FONT)


def test_what_would_move_the_cursor_is_named_by_its_number_alone() -> None:
    with pytest.raises(SettingError) as raised:
        runs_of("a\x1b[2J\ud800", FONT)
    assert "no glyph for U+001B, U+D800: give" in str(raised.value)


def test_the_message_counts_what_it_does_not_name() -> None:
    lost = "".join(chr(0x10FF00 + number) for number in range(20))
    with pytest.raises(SettingError, match=", 8 more: give another"):
        runs_of(lost, FONT)


def test_without_fontconfig_the_bundled_font_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_matched", lambda _: ())
    (run,) = runs_of("Spring")
    assert Path(run.face.path).name == "DejaVuSans-Bold.ttf"
    with pytest.raises(SettingError, match="install one"):
        runs_of("春")


def test_a_line_is_split_where_one_font_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    latin, han = Face("latin"), Face("han")
    known = {latin: frozenset(map(ord, "ab ")), han: frozenset(map(ord, "春a"))}
    monkeypatch.setattr(fonts, "_characters", known.__getitem__)
    monkeypatch.setattr(fonts, "_faces_for", lambda _: [latin, han])
    assert runs_of("ab 春a") == [Run("ab ", latin), Run("春", han), Run("a", latin)]


def test_a_mark_stays_with_its_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, marked = Face("plain"), Face("marked")
    known = {plain: frozenset(map(ord, "q")), marked: frozenset(map(ord, "q\u0308"))}
    monkeypatch.setattr(fonts, "_characters", known.__getitem__)
    monkeypatch.setattr(fonts, "_faces_for", lambda _: [plain, marked])
    assert runs_of("qq\u0308") == [Run("q", plain), Run("q\u0308", marked)]


def test_a_file_that_is_no_font_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    with pytest.raises(SettingError, match=r"broken\.ttf cannot be read as a font"):
        runs_of("a", str(broken))
    with pytest.raises(SettingError, match="is no file"):
        runs_of("a", str(tmp_path / "none.ttf"))


def test_squares_are_told_from_letters() -> None:
    assert all(map(is_wide, "春かナ한。「ー"))
    assert not any(map(is_wide, "aЖ1 مé"))
