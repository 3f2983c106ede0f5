"""Recipes at the page in a real browser: files that give their settings, and saved ones."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from impasto import samples
from impasto.service.client import Client
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.settings.recipe_writing import record
from impasto.settings.stored import from_stored
from tests.service.page.conftest import Open, Served, advanced, choose, drop, holds, paint, shoot
from tests.service.page.test_mask_brush import TOLD, open_brush, stroke
from tests.studio import png

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOTICE = "#notice-start .notice"


@pytest.fixture(scope="module", autouse=True)
def own_recipes(data: Path) -> Iterator[Path]:
    """A recipe folder of these tests' own, which the server looks into."""
    before = os.environ.get("IMPASTO_CONFIG")
    os.environ["IMPASTO_CONFIG"] = str(data / "config")
    own = data / "config" / "recipes"
    own.mkdir(parents=True)
    yield own
    os.environ.pop("IMPASTO_CONFIG")
    if before is not None:
        os.environ["IMPASTO_CONFIG"] = before


def fall(page: Page, place: str, name: str, data: bytes, times: int = 1) -> None:
    """Let a file fall anywhere on the page, whose one byte comes so many times."""
    files = page.evaluate_handle(
        """([data, name, times]) => {
            let bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            if (times > 1) bytes = new Uint8Array(times).fill(bytes[0]);
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name));
            return transfer;
        }""",
        [base64.b64encode(data).decode(), name, times],
    )
    page.locator(place).first.dispatch_event("drop", {"dataTransfer": files})


def says(page: Page, words: str) -> None:
    holds(page, f"document.querySelector({NOTICE!r})?.innerText.includes({words!r})")


def start(page: Page, served: Served) -> Job:
    """Ask for a painting and stop it again: what was asked for is what counts."""
    return served.store.cancel(paint(page))


def asked_for(page: Page, served: Served) -> StyleSettings:
    return from_stored(start(page, served).settings)


def test_a_painting_or_a_recipe_file_gives_its_settings_to_the_page(
    visit: Open, served: Served, tmp_path: Path
) -> None:
    page = visit()
    choose(page)
    made = StyleSettings(recipe="bold", steps=7, crop="80%,20%", strength=0.7)
    info = PngInfo()
    info.add_itxt("impasto", record(made, {"content": ("cat.jpg", "ab" * 32)}))
    painting = tmp_path / "liked.png"
    Image.new("RGB", (8, 8)).save(painting, pnginfo=info)
    fall(page, ".easel", "liked one.png", painting.read_bytes())
    says(page, "Taken over from liked one.png: Look bold, Strength, Crop, Steps.")
    shoot(page, "desktop-recipe-loaded")
    advanced(page)
    assert page.locator("#setting-steps input").input_value() == "7"
    assert asked_for(page, served).replace(max_megapixels=100) == made.replace(max_megapixels=100)

    recipe = tmp_path / "night.toml"
    recipe.write_text('steps = 9\ninit = "image:/etc/passwd"\ndevice = "cuda"\n')
    with page.expect_file_chooser() as chooser:
        page.click("#load-recipe")
    chooser.value.set_files(recipe)
    says(page, "from night.toml: Look balanced, Steps.")
    said = page.inner_text(NOTICE)
    assert "Left out: Start, as" in said
    assert "Left out: device, which" in said
    holds(page, "document.querySelector('#setting-steps input').value === '9'")

    fall(page, "#cards", "cat.png", png())
    says(page, "cat.png holds no recipe: drop it on Photograph or Style")
    fall(page, "#head", "broken.toml", b"steps = 0")
    says(page, "broken.toml: Steps is 0")
    assert page.locator("#setting-steps input").input_value() == "9"
    fall(page, ".easel", "heavy.png", b"\0", times=33_000_000)
    page.wait_for_selector("#recipe-complaint .notice")
    assert "heavy.png has 33.0 MB, and 32.0 MB may be sent" in page.inner_text("#recipe-complaint")


def test_saved_recipes_are_offered_from_the_next_visit_on(
    visit: Open, served: Served, own_recipes: Path
) -> None:
    page = visit()
    assert page.locator("[data-recipe]").count() == 0
    (own_recipes / "calm.toml").write_text("strength = 0.2\nthreads = 3")
    (own_recipes / "broken.toml").write_text("steps = 0")
    (own_recipes / "<b> & co.toml").write_text("steps = 8")
    page = visit()
    page.wait_for_selector("[data-recipe=calm]")
    assert page.inner_text("#saved").strip() == "Saved recipes: <b> & co · broken · calm"
    shoot(page, "desktop-saved-recipes")
    choose(page)
    page.click("[data-recipe=broken]")
    says(page, "broken.toml: Steps is 0")
    page.locator("[data-recipe=calm]").focus()
    page.keyboard.press("Enter")
    says(page, "Taken over from calm.toml: Look balanced, Strength.")
    assert "Left out: threads" in page.inner_text(NOTICE)
    assert asked_for(page, served).strength == 0.2
    page.locator("[data-recipe*=co]").click()
    says(page, "Steps.")
    page.evaluate("document.querySelector('[data-recipe=calm]').dataset.recipe = '../../secret'")
    page.click("[data-recipe*=secret]")
    says(page, "There is no “../../secret” here")


def test_a_crop_to_a_point_is_used_again(visit: Open, served: Served) -> None:
    with Client(served.url) as client:
        first = client.submit(
            samples.content("coffee"), samples.style("swirls"), shape="1:1", crop="80%,20%"
        )
        client.cancel(first.id)
    page = visit(f"/?job={first.id}")
    page.click("#verb-again")
    page.wait_for_selector("#style-1 img")
    advanced(page)
    field = page.locator("#setting-crop input")
    field.wait_for()
    holds(page, "document.querySelector('#setting-crop input').value === '80%,20%'")
    again = asked_for(page, served)
    assert (again.crop, again.shape) == ("80%,20%", "1:1")


def test_what_an_earlier_painting_kept_is_kept_again(visit: Open, served: Served) -> None:
    with Client(served.url) as client:
        first = client.submit(
            samples.content("coffee"), samples.style("swirls"), keep=png(60, 40, "white")
        )
        client.cancel(first.id)
    page = visit(f"/?job={first.id}")
    page.click("#verb-again")
    says(page, "masks are taken over")
    holds(page, f"{TOLD}.includes('kept:')")
    assert kept(page, served) == first.inputs["keep"]  # the panel of the brush is closed

    open_brush(page)
    reads(page, "goes along")
    shoot(page, "desktop-keep-again")
    stroke(page, 0.5)
    reads(page, "is left out")
    assert kept(page, served) is None
    page.keyboard.press("Control+z")
    reads(page, "goes along")
    assert kept(page, served) == first.inputs["keep"]

    drop(page, "content", samples.content("chelsea"))
    reads(page, "with another one")
    assert kept(page, served) is None
    says(page, "is left out with another one")


def reads(page: Page, words: str) -> None:
    """Wait for words in the line under the brush."""
    holds(page, f"document.querySelector('#brush .status')?.innerText.includes({words!r})")


def kept(page: Page, served: Served) -> str | None:
    """Ask for a painting and stop it again: the hash of its mask of what stays."""
    return start(page, served).inputs.get("keep")
