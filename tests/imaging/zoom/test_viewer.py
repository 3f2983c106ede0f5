"""The page beside the tiles, in a real browser, opened as a file."""

import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.imaging import deep_zoom

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu"]  # as root, and without a screen
HEIGHT, WIDTH = 900, 1200
STATE = "[view.x, view.y, view.scale]"
RESTS = "!frame && !loads && !wanted.length"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
Open = Callable[..., playwright.Page]


@pytest.fixture(scope="module")
def zoomed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture whose red says where it is across, and whose green says where down."""
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    picture = np.stack([x, y, np.full_like(x, 0.5)], axis=-1)
    folder = tmp_path_factory.mktemp("zoom") / "dunes"
    return deep_zoom(folder, (HEIGHT, WIDTH), [picture])


@pytest.fixture
def open_page(zoomed: Path) -> Iterator[Open]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        addresses, errors = [], []

        def opened(width: int = 600, height: int = 450) -> playwright.Page:
            viewport = {"width": width, "height": height}
            page = browser.new_page(viewport=viewport, reduced_motion="reduce")
            page.on("request", lambda request: addresses.append(request.url))
            page.on("requestfailed", lambda request: errors.append(request.url))
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(zoomed.as_uri())
            page.wait_for_function(RESTS)
            return page

        yield opened
        browser.close()
    assert not errors
    assert all(address.startswith("file:") for address in addresses)


def colour(page: playwright.Page, x: int, y: int) -> list[int]:
    page.wait_for_function(RESTS)
    with Image.open(BytesIO(page.screenshot())) as shot:
        return list(shot.convert("RGB").getpixel((x, y)))


def test_the_whole_picture_is_shown_first(open_page: Open) -> None:
    page = open_page()
    assert page.evaluate(STATE) == [600, 450, 0.5]
    assert page.title() == "dunes"
    assert page.inner_text("h1") == "dunes 1,200 × 900 px"
    for x, y in ((20, 100), (300, 225), (580, 300)):
        red, green, blue = colour(page, x, y)
        assert abs(red - 255 * x / 600) < 6
        assert abs(green - 255 * y / 450) < 6
        assert abs(blue - 128) < 6


def test_the_wheel_zooms_to_the_place_under_it(open_page: Open) -> None:
    page = open_page()
    page.mouse.move(150, 100)
    before = colour(page, 150, 100)
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.wait_for_function("view.scale > 1")
    assert np.abs(np.subtract(colour(page, 150, 100), before)).max() < 6


def test_keys_and_buttons_zoom_and_move(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("+")
    page.get_by_role("button", name="Zoom in").click()
    x, y, scale = page.evaluate(STATE)
    assert (x, y) == (600, 450)
    assert scale == pytest.approx(0.5 * 1.6**2)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("view.x") == pytest.approx(600 + 150 / scale)
    page.keyboard.press("0")
    assert page.evaluate(STATE) == [600, 450, 0.5]
    page.keyboard.press("-")  # there is no more than the whole
    assert page.evaluate(STATE) == [600, 450, 0.5]


def test_dragging_moves_the_picture_and_no_farther_than_its_edge(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("+")
    page.keyboard.press("+")
    _, _, scale = page.evaluate(STATE)
    page.mouse.move(300, 200)
    page.mouse.down()
    page.mouse.move(260, 180)
    assert page.evaluate(STATE)[:2] == pytest.approx([600 + 40 / scale, 450 + 20 / scale])
    page.mouse.move(-3000, 180)
    assert page.evaluate("view.x") == pytest.approx(1200 - 300 / scale)
    page.mouse.up()


def test_beside_a_picture_of_another_ratio_is_the_ground(open_page: Open) -> None:
    page = open_page(900, 450)
    assert colour(page, 100, 200) == [0x16, 0x14, 0x12]
    assert colour(page, 900 - 148, 200) == [
        0x16,
        0x14,
        0x12,
    ]  # also where a coarse level ends later
    page.set_viewport_size({"width": 600, "height": 450})
    page.wait_for_function("canvas.width === 600")
    assert page.evaluate(STATE) == [600, 450, 0.5]
