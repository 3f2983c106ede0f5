import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import OutputError, UnknownNameError
from impasto.imaging import check_deep_zoom, deep_zoom

OURS = ["index.html", "painting.dzi", "painting_files"]


@pytest.fixture
def picture() -> NDArray[np.float32]:
    y, x = np.mgrid[0:1:300j, 0:1:700j]
    return np.stack([x, y, x * y], axis=-1).astype(np.float32)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_is_what_viewers_of_deep_zoom_read(
    tmp_path: Path, picture: NDArray[np.float32]
) -> None:
    page = deep_zoom(tmp_path / "zoom", (300, 700), np.split(picture, [100, 101]), format="png")
    assert page == tmp_path / "zoom" / "index.html"
    assert names(tmp_path / "zoom") == OURS
    told = (tmp_path / "zoom" / "painting.dzi").read_text()
    assert 'xmlns="http://schemas.microsoft.com/deepzoom/2008"' in told
    assert 'Format="png" Overlap="1" TileSize="256"' in told
    assert '<Size Width="700" Height="300"/>' in told
    folder = tmp_path / "zoom" / "painting_files"
    assert sorted(map(int, names(folder))) == list(range(11))  # 700 px need 10 doublings
    assert names(folder / "10") == [
        "0_0.png",
        "0_1.png",
        "1_0.png",
        "1_1.png",
        "2_0.png",
        "2_1.png",
    ]
    with Image.open(folder / "10" / "1_1.png") as tile:
        assert tile.size == (258, 45)  # 255 to 513 across, 255 to 300 down
        wanted = np.rint(picture[255:300, 255:513] * 255)
        assert (np.asarray(tile) == wanted).all()


def test_the_page_stands_by_itself(tmp_path: Path, picture: NDArray[np.float32]) -> None:
    page = deep_zoom(tmp_path / "zoom", (300, 700), [picture], title="<Dunes & sea>").read_text()
    assert "<title>&lt;Dunes &amp; sea&gt;</title>" in page
    assert '"width": 700, "height": 300, "tile": 256, "overlap": 1, "format": "jpg"' in page
    assert not re.findall(r"https?:|@import|src=\"|url\(", page)  # nothing of the network
    assert "{about}" not in page


def test_what_is_hidden_becomes_white(tmp_path: Path, picture: NDArray[np.float32]) -> None:
    clear = np.zeros((300, 700), np.uint8)
    deep_zoom(tmp_path / "zoom", (300, 700), [picture], alpha_bands=[clear])
    with Image.open(tmp_path / "zoom" / "painting_files" / "10" / "0_0.jpg") as tile:
        assert np.asarray(tile).min() == 255


def test_a_folder_of_ours_is_replaced_whole(tmp_path: Path, picture: NDArray[np.float32]) -> None:
    deep_zoom(tmp_path / "zoom", (300, 700), [picture])
    deep_zoom(tmp_path / "zoom", (10, 20), [picture[:10, :20]])
    assert len(names(tmp_path / "zoom" / "painting_files")) == 6
    assert names(tmp_path) == ["zoom"]


def test_a_failure_leaves_what_was_there(tmp_path: Path, picture: NDArray[np.float32]) -> None:
    deep_zoom(tmp_path / "zoom", (10, 20), [picture[:10, :20]])
    picture[200] = np.nan
    with pytest.raises(OutputError, match="not finite"):
        deep_zoom(tmp_path / "zoom", (300, 700), [picture])
    assert len(names(tmp_path / "zoom" / "painting_files")) == 6
    with pytest.raises(ValueError, match="the picture has 300"):
        deep_zoom(tmp_path / "new", (300, 700), [picture[:100]])
    assert names(tmp_path) == ["zoom"]


def test_other_folders_and_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    check_deep_zoom(tmp_path / "empty")
    with pytest.raises(OutputError, match=r"a folder with a\.jpg in it"):
        check_deep_zoom(tmp_path / "photos")
    with pytest.raises(OutputError, match="is a file"):
        check_deep_zoom(tmp_path / "photos" / "a.jpg")
    with pytest.raises(OutputError, match="does not exist"):
        check_deep_zoom(tmp_path / "none" / "zoom")


def test_other_tiles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="jpg, png"):
        deep_zoom(tmp_path / "zoom", (1, 1), [np.zeros((1, 1, 3))], format="webp")
    with pytest.raises(ValueError, match="at least 1 px"):
        deep_zoom(tmp_path / "zoom", (1, 1), [np.zeros((1, 1, 3))], tile=0)
    with pytest.raises(OutputError, match="quality"):
        deep_zoom(tmp_path / "zoom", (1, 1), [np.zeros((1, 1, 3))], quality=0)
