from __future__ import annotations

import pytest

from impasto.samples.records import Artist, Drawing, Painting, Photograph, Words

ARTIST = Artist(Words("Ada", "艾达"), 1852)


@pytest.mark.parametrize(
    ("is_about", "english", "chinese"),
    [
        (False, "Numbers, Ada, 1843", "《数》，艾达，1843 年"),
        (True, "Numbers, Ada, about 1843", "《数》，艾达，约 1843 年"),
    ],
)
def test_a_painting_is_its_title_artist_and_year(
    is_about: bool, english: str, chinese: str
) -> None:
    painting = Painting(Words("Numbers", "数"), ARTIST, 1843, "London", is_about)
    assert painting.caption() == english
    assert painting.caption("zh") == chinese


def test_other_pictures_are_what_they_show() -> None:
    shows = Words("a cat", "一只猫")
    for picture in (Photograph(shows, "Ada", "CC0"), Drawing(shows)):
        assert (picture.caption(), picture.caption("zh")) == shows
