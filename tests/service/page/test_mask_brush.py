"""The brush in a real browser: strokes, keys, undoing, soft edges and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from impasto import imaging, samples
from impasto.imaging.masks import mask_for, shares
from impasto.service.client import Client
from impasto.service.contract import JobOut
from impasto.service.page.texts import CHINESE
from tests.service.page.conftest import Open, Served, advanced, choose, drop, holds, paint, shoot
from tests.studio import png

if TYPE_CHECKING:
    from playwright.sync_api import Page

TOLD = "document.querySelector('#hidden-mask textarea, #hidden-mask input').value"
SHARE = "document.querySelector('#brush .status').textContent"


def open_brush(page: Page) -> None:
    """Open the panel of the mask, where a photograph is."""
    page.click("#mask > button")
    page.locator("#brush .layers").wait_for()
    page.locator("#brush .layers").scroll_into_view_if_needed()


def stroke(page: Page, across: float, *, down: tuple[float, float] = (0.1, 0.9)) -> None:
    """Paint from top to bottom."""
    page.locator("#brush .layers").scroll_into_view_if_needed()
    box = page.locator("#brush .layers").bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * across
    page.mouse.move(x, box["y"] + box["height"] * down[0])
    page.mouse.down()
    page.mouse.move(x, box["y"] + box["height"] * down[1], steps=4)
    page.mouse.up()


def press(page: Page, name: str) -> None:
    page.locator("#brush").get_by_role("button", name=name, exact=True).click()


def slide(page: Page, name: str, value: int) -> None:
    page.locator("#brush").get_by_role("slider", name=name).evaluate(
        """(slider, value) => {
            slider.value = value;
            slider.dispatchEvent(new Event("input"));
            slider.dispatchEvent(new Event("change"));
        }""",
        value,
    )


def start(page: Page, served: Served) -> JobOut:
    """Ask for a painting and stop it again: its inputs are what counts."""
    with Client(served.url) as client:
        return client.cancel(paint(page))


def masks_of(served: Served, job: JobOut) -> list[bytes]:
    with Client(served.url) as client:
        return [client.input(job.id, role) for role in sorted(job.inputs) if "mask" in role]


def grey(served: Served, job: JobOut) -> Any:
    """The only mask of a job, as shares from 0 to 255."""
    (path,) = (served.store.folder.upload(job.inputs[r]) for r in job.inputs if r == "mask")
    with Image.open(path) as opened:
        return np.asarray(opened.convert("L")).astype(int)


@pytest.fixture
def page(visit: Open) -> Page:
    opened: Page = visit()
    choose(opened)
    open_brush(opened)
    return opened


def test_undoing_takes_back_strokes_and_never_what_was_typed(page: Page, served: Served) -> None:
    advanced(page, steps=40)
    page.locator("#brush .layers").scroll_into_view_if_needed()
    told = [page.evaluate(TOLD)]
    for across in (0.2, 0.5, 0.8):
        stroke(page, across)
        told.append(page.evaluate(TOLD))
    assert len(set(told)) == 4
    page.keyboard.press("Control+z")
    assert page.evaluate(TOLD) == told[2]
    press(page, "Undo")
    assert page.evaluate(TOLD) == told[1]
    page.keyboard.press("Control+Shift+Z")
    assert page.evaluate(TOLD) == told[2]
    press(page, "Redo")
    assert page.evaluate(TOLD) == told[3]
    for _ in range(5):
        page.keyboard.press("Control+z")
    assert page.evaluate(TOLD) == told[0] == ""
    assert page.evaluate("document.querySelector('#setting-steps input').value") == "40"
    assert start(page, served).settings["steps"] == 40


def test_keys_elsewhere_on_the_page_undo_no_setting(page: Page) -> None:
    advanced(page, steps=40)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    assert page.evaluate("document.querySelector('#setting-steps input').value") == "40"


def test_settings_used_again_bring_the_mask_along_to_the_byte(
    page: Page, visit: Open, served: Served
) -> None:
    page.get_by_role("button", name="Add another style").click()
    page.wait_for_selector("#style-2")
    drop(page, "style-2", samples.style("mosaic"))
    page.wait_for_selector("#style-2 img")
    stroke(page, 0.3)
    page.locator("#brush .chip").nth(1).click()
    stroke(page, 0.7)
    slide(page, "Soft edge", 5)
    first = start(page, served)

    fresh = visit(f"/?job={first.id}")
    fresh.click("#verb-again")
    fresh.wait_for_selector("#content img")
    assert "masks are taken over" in fresh.inner_text("#notice-start")
    holds(fresh, f"{TOLD}.includes('kept:')")
    assert masks_of(served, start(fresh, served)) == masks_of(served, first)

    open_brush(fresh)
    holds(fresh, f"/^[1-9]/.test({SHARE})")
    inked = """[...document.querySelectorAll('#brush canvas')].map((canvas) => {
        const { width, height } = canvas;
        return canvas.getContext('2d').getImageData(0, 0, width, height).data.some(Boolean);
    })"""
    assert fresh.evaluate(inked) == [True, True, False]
    shoot(fresh, "desktop-mask-again")
    assert masks_of(served, start(fresh, served)) == masks_of(served, first)
    stroke(fresh, 0.5)
    assert masks_of(served, start(fresh, served)) != masks_of(served, first)
    fresh.keyboard.press("Control+z")
    assert masks_of(served, start(fresh, served)) == masks_of(served, first)


def test_to_use_settings_without_a_mask_again_clears_the_mask(page: Page, served: Served) -> None:
    first = start(page, served)
    assert not masks_of(served, first)
    page.click("#verb-again")
    page.wait_for_selector("#notice-start .notice.good")
    page.locator("#brush .layers").scroll_into_view_if_needed()
    holds(page, "document.querySelector('#content img').complete")
    stroke(page, 0.5)
    assert page.evaluate(TOLD)
    page.click("#verb-again")
    holds(page, f"!{TOLD}")
    assert not masks_of(served, start(page, served))


def test_inverting_gives_the_brush_what_it_had_not(page: Page, served: Served) -> None:
    stroke(page, 0.5)
    painted = grey(served, start(page, served))
    press(page, "Invert")
    inverted = grey(served, start(page, served))
    assert (painted + inverted == 255).all()
    assert {0, 255} <= set(painted.flat)


def test_a_soft_edge_is_a_ramp_as_wide_as_it_says(page: Page, served: Served) -> None:
    stroke(page, 0.5)
    hard = grey(served, start(page, served))
    slide(page, "Soft edge", 10)
    said = page.locator("#brush").get_by_role("slider", name="Soft edge")
    soft = grey(served, start(page, served))
    row = soft.shape[0] // 2
    # Half of the ramp lies on each side of the edge: 3 boxes of radius 10 reach 30 px.
    left = np.flatnonzero(hard[row])[0]
    ramp = np.flatnonzero(
        (soft[row, : soft.shape[1] // 2] > 0) & (soft[row, : soft.shape[1] // 2] < 250)
    )
    assert left - 30 <= ramp[0] < left < ramp[-1] <= left + 30
    assert (np.diff(soft[row, : soft.shape[1] // 2]) >= 0).all()
    with Image.open(samples.content("coffee")) as photograph:
        scale = photograph.width / soft.shape[1]
    assert said.get_attribute("aria-valuetext") == f"{round(60 * scale)} px"


def test_everything_is_white_up_to_the_border_with_a_soft_edge_too(
    page: Page, served: Served
) -> None:
    slide(page, "Soft edge", 20)
    press(page, "Everything")
    assert set(grey(served, start(page, served)).flat) == {255}


def test_a_mask_is_saved_as_the_command_line_reads_it_and_loaded_again(
    page: Page, served: Served, tmp_path: Path
) -> None:
    stroke(page, 0.4)
    slide(page, "Soft edge", 6)
    with page.expect_download() as download:
        press(page, "Save the mask")
    assert download.value.suggested_filename == "mask.png"
    saved = tmp_path / "mask.png"
    download.value.save_as(saved)
    first = start(page, served)
    assert masks_of(served, first) == [saved.read_bytes()]
    photograph = imaging.read(samples.content("coffee"))
    small = imaging.read(saved)
    read = shares(mask_for(saved, photograph))
    assert read.max() > 0.9
    assert (np.round(shares(small) * 255) == grey(served, first)).all()

    slide(page, "Soft edge", 0)
    press(page, "Clear")
    assert page.evaluate(TOLD) == ""
    page.locator("#brush input[type=file]").set_input_files(saved)
    holds(page, TOLD)
    assert masks_of(served, start(page, served)) == [saved.read_bytes()]
    page.locator("#brush .layers").focus()
    page.keyboard.press("Control+z")
    assert page.evaluate(TOLD) == ""


def test_a_mask_file_falls_onto_the_brush(page: Page, served: Served, tmp_path: Path) -> None:
    file = tmp_path / "sky.png"
    file.write_bytes(png(60, 40, "white"))
    drop(page, "brush .layers", file, kind="image/png")
    holds(page, TOLD)
    assert grey(served, start(page, served)).min() > 250


@pytest.mark.parametrize(
    ("bytes_of_it", "words"),
    [
        (png(40, 40, "white"), "has not the photograph's proportions"),
        (png(60, 40, "black"), "is black everywhere"),
        (b"no picture", "is no picture that this browser can read"),
    ],
    ids=["shape", "black", "broken"],
)
def test_a_file_that_is_no_mask_is_told(
    page: Page, tmp_path: Path, bytes_of_it: bytes, words: str
) -> None:
    file = tmp_path / "other.png"
    file.write_bytes(bytes_of_it)
    page.locator("#brush input[type=file]").set_input_files(file)
    holds(page, "document.querySelector('#brush .notice.error')")
    assert words in page.inner_text("#brush .complaint")
    assert page.evaluate(TOLD) == ""


def test_a_mask_is_painted_with_the_keys_alone(page: Page, served: Served) -> None:
    area = page.get_by_role("application", name="Mask over the photograph")
    area.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.down("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.up("Space")
    shoot(page, "desktop-mask-keys")
    painted = grey(served, start(page, served))
    rows, columns = np.nonzero(painted > 8)
    assert abs(rows.mean() - painted.shape[0] / 2) < 2
    assert np.ptp(columns) > np.ptp(rows)


def test_the_brush_speaks_chinese(visit: Open) -> None:
    page = visit(locale="zh-CN", width=390, height=844)
    choose(page)
    open_brush(page)
    stroke(page, 0.5)
    for key in ("undo", "redo", "invert", "load_mask", "save_mask"):
        assert page.locator("#brush").get_by_role("button", name=CHINESE[key]).count() == 1
    assert "会画" in page.inner_text("#brush .status")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "phone-mask-chinese")
