from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.one_pass.pairs import choose, photographs, styles
from impasto.errors import PictureError, SettingError


def put(folder: Path, **sizes: tuple[int, int]) -> Path:
    folder.mkdir(exist_ok=True)
    for stem, size in sizes.items():
        Image.new("RGB", size).save(folder / f"{stem}.png")
    return folder


def files(count: int) -> list[Path]:
    return [Path(f"{number}.jpg") for number in range(count)]


def test_styles_are_held_out_and_each_work_comes_once_in_its_largest_copy(tmp_path: Path) -> None:
    one = put(tmp_path / "one", great_wave=(9, 9), vg_self=(4, 4), candy=(99, 99))
    (one / "great_wave.png").rename(one / "great-wave.png")
    other = put(tmp_path / "other", wave_crop=(8, 8), vg_self=(5, 4))
    assert styles([one, other]) == [one / "great-wave.png", other / "vg_self.png"]


def test_of_copies_alike_the_first_folder_has_it(tmp_path: Path) -> None:
    one, other = (put(tmp_path / name, mosaic=(8, 8)) for name in ("one", "other"))
    assert styles([other, one]) == [other / "mosaic.png"]


def test_folders_without_held_out_styles_are_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"no style is held out: .* Hokusai"):
        styles([put(tmp_path / "one", candy=(8, 8))])


def test_photographs_that_would_have_to_be_enlarged_are_left_out(tmp_path: Path) -> None:
    folder = put(tmp_path / "one", tall=(30, 64), small=(63, 63), wide=(64, 20))
    assert [path.stem for path in photographs([folder], 64)] == ["tall", "wide"]
    with pytest.raises(PictureError, match="no photograph has 65 px"):
        photographs([folder], 65)


def test_photographs_of_one_name_are_refused(tmp_path: Path) -> None:
    folders = [put(tmp_path / name, cat=(8, 8)) for name in ("one", "other")]
    with pytest.raises(PictureError, match="have one name"):
        photographs(folders, 8)


def test_folders_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="gone cannot be read"):
        styles([tmp_path / "gone"])


def test_files_that_are_no_pictures_are_told(tmp_path: Path) -> None:
    (tmp_path / "mosaic.png").write_text("no picture")
    with pytest.raises(PictureError, match=r"mosaic\.png cannot be read"):
        styles([tmp_path])


@pytest.mark.parametrize(("contents", "works", "count"), [(15, 14, 24), (6, 4, 24), (5, 5, 25)])
def test_pairs_are_spread_evenly_and_none_comes_twice(
    contents: int, works: int, count: int
) -> None:
    pairs = choose(files(contents), files(works), count)
    assert len(set(pairs)) == count
    for one in ("content", "style"):
        times = Counter(getattr(pair, one) for pair in pairs).values()
        assert max(times) - min(times) <= 1
    assert len({pair.style for pair in pairs}) == works


@pytest.mark.parametrize("count", [0, 9])
def test_no_pairs_or_more_than_there_are_are_refused(count: int) -> None:
    with pytest.raises(SettingError, match="from 1 to 8"):
        choose(files(2), files(4), count)
