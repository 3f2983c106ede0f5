"""The page in a real browser: what a person does, from the first drop to the last download."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from impasto import samples
from impasto.service.contract import State
from impasto.service.page.choices import choice
from impasto.service.page.controls import UP_FRONT, controls
from impasto.service.page.masks import COLOURS
from impasto.service.page.views import CARDS
from impasto.service.try_on.process import TryOn
from impasto.settings import StyleSettings
from impasto.settings.recipes import TEXTBOOK
from impasto.settings.stored import from_stored
from tests.service.page.conftest import (
    SCREENSHOTS,
    Open,
    Served,
    advanced,
    choose,
    drop,
    holds,
    paint,
    shoot,
    shoot_for_docs,
    waiting_jobs,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.usefixtures("worker")
DOCS = Path(__file__).parents[3] / "docs"
PHONE = {"width": 390, "height": 844}
# How many lines the words of each element take.
LINES = """(all) => all.map((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size;
})"""


def start_painting(page: Any, **settings: int) -> str:
    """Ask for a painting; its id."""
    advanced(page, **settings)
    page.click("#advanced > button")
    return paint(page)


def test_a_person_paints_a_picture_finds_it_again_and_takes_it_away(
    visit: Open, served: Served, tmp_path: Path
) -> None:
    page = visit()
    shoot(page, "desktop-empty")
    choose(page)
    page.evaluate(
        """() => {
            window.seen = new Set();
            new MutationObserver(() => {
                const image = document.querySelector(".easel.running img");
                if (image) window.seen.add(image.src);
            }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    id = start_painting(page, steps=60, size=256)
    page.wait_for_selector(".easel.running .curves svg", state="attached")
    page.click(".going summary")
    page.wait_for_selector(".easel.running .curves svg")
    shoot(page, "desktop-painting")
    assert "of 60" in page.inner_text(".easel .facts")
    page.wait_for_selector(".easel.finished")
    assert page.evaluate("window.seen.size") >= 2, "the picture did not change on the way"
    pictures = "[...document.querySelectorAll('.compare img')]"
    holds(page, f"{pictures}.length === 2 && {pictures}.every((i) => i.naturalWidth === 256)")
    assert page.locator(".curves svg").is_visible(), "what somebody opened was folded"
    shoot(page, "desktop-finished")
    assert page.url.endswith(f"?job={id}")

    page.reload()
    page.wait_for_selector(f".easel.finished[data-job='{id}']")
    for place in ("content", "style-1"):
        page.wait_for_selector(f"#{place} img")
    assert page.locator(f".card.finished[data-open='{id}'] .face > img").count() == 1

    files = {}
    for words in ("Download PNG", "Download JPEG", "Recipe file"):
        with page.expect_download() as download:
            page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).click()
        files[words] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[words])
    assert files["Download PNG"].name == f"impasto-{id[:8]}.png"
    result = served.store.folder.job(id) / "result.png"
    assert files["Download PNG"].read_bytes() == result.read_bytes()
    assert Image.open(files["Download JPEG"]).format == "JPEG"
    recipe = tomllib.loads(files["Recipe file"].read_text())
    recipe.pop("resolved")  # what the recipe's own name stood for on that day
    assert recipe == {"recipe": "default", "steps": 60, "size": 256}


def test_another_painting_is_stopped_and_its_settings_used_again(
    visit: Open, served: Served
) -> None:
    page = visit()
    choose(page, "chelsea", "mosaic")
    id = start_painting(page, steps=900, size=256)
    page.wait_for_selector(".easel.running [data-step]:not([data-step='0'])")
    page.click("#verb-cancel")
    page.wait_for_selector(".easel.cancelled")
    job = served.store.get(id)
    assert job.state is State.CANCELLED
    assert job.step < 900
    assert (job.settings["steps"], job.settings["size"]) == (900, 256)

    fresh = visit(f"/?job={id}")
    fresh.click("#verb-again")
    fresh.wait_for_selector("#content img")
    fresh.wait_for_selector("#style-1 img")
    came_back = "document.querySelector('#setting-steps input').value === '900'"
    advanced(fresh)  # a panel that opens after the values have come
    holds(fresh, came_back)
    advanced(fresh, steps=7)
    fresh.click("#verb-again")  # and one that is open
    holds(fresh, came_back)


def test_what_is_typed_into_a_panel_that_opens_slowly_stays(visit: Open) -> None:
    page = visit()
    page.evaluate(
        """() => {
            const frame = requestAnimationFrame.bind(window);
            window.requestAnimationFrame = (call) => setTimeout(() => frame(call), 200);
        }"""
    )
    advanced(page, steps=20, size=256)
    page.evaluate(
        """() => new Promise((done) => {
            let frames = 6;
            const next = () => (frames-- ? requestAnimationFrame(next) : done());
            next();
        })"""
    )
    for name, typed in (("steps", "20"), ("size", "256")):
        assert page.locator(f"#setting-{name} input").first.input_value() == typed


def test_two_styles_go_where_the_brush_painted_them(visit: Open, served: Served) -> None:
    page = visit()
    page.click("[data-pick='content:astronaut']")
    page.wait_for_selector("#content img")
    page.click("[data-pick='style:woodcut']")
    page.wait_for_selector("#style-1 img")
    page.get_by_role("button", name="Add another style").click()
    page.wait_for_selector("#style-2")
    page.click("[data-pick='style:mosaic']")
    page.wait_for_selector("#style-2 img")
    page.click("#mask > button")
    canvas = page.locator("#brush .layers")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()

    def stroke(across: float) -> None:
        x = box["x"] + box["width"] * across
        page.mouse.move(x, box["y"] + box["height"] * 0.2)
        page.mouse.down()
        page.mouse.move(x, box["y"] + box["height"] * 0.8, steps=6)
        page.mouse.up()

    stroke(0.25)
    page.click("#start")
    page.wait_for_selector("#notice-start .notice")
    assert "Nothing is brushed for style 2" in page.inner_text("#notice-start")
    page.locator("#brush .chip").nth(1).click()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    stroke(0.75)
    shoot(page, "desktop-mask")
    id = start_painting(page, steps=4, size=96)
    page.wait_for_selector(f".easel.finished[data-job='{id}']")
    job = served.store.get(id)
    assert job.inputs.keys() == {"content", "style", "style 2", "mask", "mask 2"}
    for role, across in (("mask", 0.25), ("mask 2", 0.75)):
        mask = Image.open(served.store.folder.upload(job.inputs[role])).convert("L")
        assert mask.getpixel((int(mask.width * across), mask.height // 2)) == 255
        assert mask.getpixel((int(mask.width * (1 - across)), mask.height // 2)) == 0
    assert len(COLOURS) == 3


def test_what_is_missing_or_wrong_is_said_in_a_sentence(
    visit: Open, served: Served, tmp_path: Path
) -> None:
    page = visit()
    page.click("#start")
    page.wait_for_selector("#notice-start .notice")
    said = page.inner_text("#notice-start").lower()
    assert "no photograph and no style is chosen" in said
    holds(page, "document.querySelectorAll('.wanted').length === 2")
    fake = tmp_path / "photo.jpg"
    fake.write_text("<script>alert(1)</script>")
    drop(page, "content", fake)
    page.wait_for_selector("#notice-pictures .notice")
    assert "not a picture that can be painted here" in page.inner_text("#notice-pictures")
    holds(page, "!document.querySelector('#content img')")
    holds(page, "document.querySelectorAll('#content.wanted, #style-1.wanted').length === 2")

    choose(page)
    advanced(page, steps=0)
    page.click("#start")
    holds(page, "document.querySelector('#notice-start').innerText.includes('“Steps” is 0')")

    cut = tmp_path / "cut.jpg"
    whole = served.store.folder.path / "whole"
    Image.effect_noise((300, 200), 80).convert("RGB").save(whole, "JPEG")
    cut.write_bytes(whole.read_bytes()[:9000])
    drop(page, "style-1", cut)
    holds(page, "document.querySelector('#style-1 img')?.src.includes('cut.jpg')")
    start_painting(page, steps=4)
    page.wait_for_selector(".easel.failed")
    sentence = page.inner_text(".easel .sentence")
    assert sentence.startswith("The style picture ends too early")
    assert str(served.store.folder.path) not in sentence
    shoot(page, "desktop-error")
    page.set_viewport_size(PHONE)
    shoot(page, "phone-error")


def test_the_page_fits_a_phone_and_shows_the_painting_there(visit: Open) -> None:
    page = visit(**PHONE, touch=True)
    assert "Tap to choose" in page.inner_text("#content")
    shoot(page, "phone-empty")
    choose(page, "chelsea", "ukiyo-e")
    start_painting(page, steps=20, size=256)
    page.wait_for_selector(".easel.running .facts")
    in_view = "document.querySelector('#result').getBoundingClientRect().top < innerHeight / 2"
    holds(page, in_view)
    shoot(page, "phone-painting")
    page.wait_for_selector(".easel.finished")
    page.wait_for_selector(".compare img")
    shoot(page, "phone-finished")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_easel_stays_in_sight_on_a_laptop(visit: Open) -> None:
    page = visit(width=1366, height=768)
    shoot(page, "laptop-empty")
    start = page.locator("#start").bounding_box()
    assert start is not None
    assert start["y"] + start["height"] <= 768, "Paint is below the fold"

    def is_in_sight(place: str) -> bool:
        box = page.locator(place).bounding_box()
        return box is not None and box["y"] >= 0 and box["y"] + min(box["height"], 200) <= 768

    page.click("#advanced > button")
    for button in page.locator("#advanced .group > button").all():
        button.click()
    # Groups unfold one after the other: until the page is long enough it scrolls less far.
    holds(page, "(scrollTo(0, 1200), scrollY > 1000)")
    assert is_in_sight(".easel")


@pytest.fixture
def as_started(served: Served, data: Path) -> Iterator[Served]:
    """The studio as `impasto serve` starts it, thumbnails and all, where the docs' picture of it is
    kept."""
    if not SCREENSHOTS:
        yield served
        return
    try_on = TryOn()
    try_on.start()
    server = Served(data, try_on=try_on)
    yield server
    server.close()
    try_on.stop()


def test_a_finished_picture_is_shown_whole_and_compared_by_keyboard(
    visit: Open, as_started: Served
) -> None:
    page = visit(width=1366, height=768, served=as_started)
    choose(page)
    if SCREENSHOTS:
        page.wait_for_selector(".pick.tried")
    start_painting(page, **({} if SCREENSHOTS else {"steps": 4, "size": 128}))
    page.wait_for_selector(".compare img", timeout=600_000)  # a whole painting, for the docs
    shoot(page, "laptop-finished")
    shoot_for_docs(page)
    with Image.open(DOCS / "gallery" / "studio.jpg") as shown:
        assert shown.size == (1366, 768)
    for width in (820, 390, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.locator("#takeaway button").evaluate_all(LINES) == [1, 1, 1]
        shoot(page, f"finished-{width}")
    hidden = "getComputedStyle(document.querySelector('.compare .before')).clipPath"
    assert "100%" in page.evaluate(hidden)
    page.get_by_role("slider", name="Compare the painting").focus()
    page.keyboard.press("End")
    assert page.locator(".compare input").input_value() == "100"
    holds(page, f"!({hidden}).includes('100%')")


@pytest.mark.parametrize(
    ("locale", "caption"),
    [
        ("en-US", "The Great Wave off Kanagawa, Katsushika Hokusai, about 1831"),
        ("zh-CN", "《神奈川冲浪里》，葛饰北斋，约 1831 年"),
    ],
)
def test_a_sample_that_is_pointed_at_says_what_it_is_and_moves_nothing(
    visit: Open, locale: str, caption: str
) -> None:
    page = visit(width=1440, height=900, locale=locale)
    line = page.locator(".samples .caption")
    before, start = line.inner_text(), page.locator("#start").bounding_box()
    assert before
    wave = page.locator("[data-pick='style:great-wave']")
    assert wave.locator("img").get_attribute("alt") == caption
    wave.hover()
    holds(page, f"document.querySelector('.samples .caption').textContent === '{caption}'")
    page.locator("h1").hover(force=True)
    holds(page, f"document.querySelector('.samples .caption').textContent === '{before}'")
    wave.focus()
    assert line.inner_text() == caption
    assert page.locator("#start").bounding_box() == start
    assert start is not None
    assert start["y"] + start["height"] <= 900
    loaded = "[...document.querySelectorAll('.pick img')].every((i) => i.naturalWidth > 0)"
    holds(page, loaded)
    shoot(page, f"samples-{locale}")


def test_the_keyboard_suffices(visit: Open, served: Served) -> None:
    page = visit()
    page.locator("[data-pick='content:coffee']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#content img")
    page.locator("[data-pick='style:watercolour']").focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#style-1 img")
    page.locator("#setting-strength input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    advanced(page, steps=2, size=64)
    page.locator("#start").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".easel.finished")
    id = page.get_attribute(".easel", "data-job")
    assert served.store.get(str(id)).settings["strength"] == pytest.approx(0.51)
    other = next(job.id for job in served.store.jobs() if job.id != id)
    page.locator(f"[data-open='{other}']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f".easel[data-job='{other}']")


def test_a_chinese_browser_reads_chinese(visit: Open) -> None:
    page = visit(locale="zh-CN")
    assert page.inner_text("#start") == "开始绘制"
    assert "画架上还没有画" in page.inner_text(".easel")
    mosaic = page.locator("[data-pick='style:mosaic'] img")
    assert mosaic.get_attribute("alt") == samples.caption("style", "mosaic", "zh")
    page.click("#start")
    page.wait_for_selector("#notice-start .notice")
    assert "照片和风格都还没有选" in page.inner_text("#notice-start")
    advanced(page)
    assert "步数" in page.inner_text("#setting-steps")
    assert page.input_value("#setting-color input") == "风格图的"
    page.click("#setting-color input")
    options = page.locator("[role=option]").all_inner_texts()
    assert [option.replace("✓", "").strip() for option in options][1:3] == [
        "照片原本的",
        "接近照片",
    ]
    page.keyboard.press("Escape")
    shoot(page, "desktop-chinese")


def test_a_recipe_brings_its_settings_along(visit: Open) -> None:
    page = visit()
    advanced(page)
    page.click("[data-look='chapter']")
    holds(page, "document.querySelector('#setting-steps input').value === '500'")
    assert "Dive into Deep Learning" in page.inner_text("#recipe-summary")


def test_paintings_are_still_there_after_a_restart(visit: Open, served: Served, data: Path) -> None:
    ids = {job.id for job in served.store.jobs()}
    assert ids
    again = Served(data)
    try:
        page = visit(served=again)
        page.wait_for_selector(".card")
        cards = page.locator("[data-open]").evaluate_all("all => all.map((c) => c.dataset.open)")
        assert set(cards) == ids
    finally:
        again.close()


def test_an_open_page_goes_on_when_the_server_is_back(visit: Open, data: Path) -> None:
    first = Served(data)
    page = visit(served=first, may_fail=True)
    choose(page)
    id = start_painting(page, steps=60, size=128)
    page.wait_for_selector(".easel.running [data-step]:not([data-step='0'])")
    first.close()
    second = Served(data, first.port)
    try:
        page.wait_for_selector(f".easel.finished[data-job='{id}']")
    finally:
        second.close()


def test_an_unknown_painting_is_told_kindly(visit: Open) -> None:
    page = visit(f"/?job={'f' * 32}")
    assert "not here any more" in page.inner_text(".easel.empty")


def open_every_panel(page: Page) -> int:
    """Open Advanced and all panels in it; how many there are."""
    if not page.locator("#textbook").is_visible():
        page.click("#advanced > button")
    panels = page.locator("#advanced .group > button")
    panels.first.wait_for()
    for number in range(panels.count()):
        fields = page.locator("#advanced .group").nth(number).locator("[id^='setting-']")
        if fields.count() == 0 or not fields.last.is_visible():
            panels.nth(number).click()
            fields.last.wait_for()
        holds(page, "!document.querySelector('#advanced [inert]')")
    return panels.count()


@pytest.mark.parametrize("recipe", ["default", "keep-colours", "chapter", "gatys"])
def test_to_look_into_every_panel_changes_nothing_about_the_painting(
    visit: Open, served: Served, recipe: str
) -> None:
    page = visit()
    before = page.inner_text("#recipe-summary")
    if recipe in TEXTBOOK:
        page.click("#advanced > button")
        page.click(f"[data-look='{recipe}']")
    else:
        page.locator("#setting-recipe label", has_text=choice("recipe", recipe, "en")).click()
    if recipe != "default":
        said = "document.querySelector('#recipe-summary').innerText"
        holds(page, f"{said} !== {json.dumps(before)}")
    assert open_every_panel(page) == len({c.group for c in controls() if c.name not in UP_FRONT})
    shown = page.locator("#advanced [id^='setting-']").evaluate_all("all => all.map((s) => s.id)")
    assert set(shown) == {f"setting-{c.name}" for c in controls() if c.name not in UP_FRONT}
    choose(page)
    id = paint(page)
    served.store.cancel(id)
    asked = from_stored(served.store.get(id).settings)
    assert asked == StyleSettings(recipe=recipe, max_megapixels=asked.max_megapixels)


def test_a_weight_that_is_typed_greys_the_strength_out_and_drives(
    visit: Open, served: Served
) -> None:
    page = visit()
    choose(page)
    strength = page.locator("#setting-strength input[type=range]")
    set_to(strength, 0.7)
    open_every_panel(page)
    weight = page.locator("#setting-style_weight").locator("input, textarea")
    assert weight.get_attribute("placeholder") == "from strength"
    assert weight.input_value() == ""
    weight.press_sequentially("5")
    holds(page, "document.querySelector('#setting-strength input').disabled")
    assert "“Style weight” is filled in" in page.inner_text("#setting-strength")
    shoot(page, "desktop-weights")
    id = paint(page)
    served.store.cancel(id)
    assert from_stored(served.store.get(id).settings) == StyleSettings(style_weight=5.0)
    weight.fill("")
    holds(page, "!document.querySelector('#setting-strength input').disabled")
    assert "From 0" in page.inner_text("#setting-strength")
    weight.fill("five")
    page.click("#start")
    page.wait_for_selector("#notice-start .notice")
    assert "“Style weight” is “five”: give a number" in page.inner_text("#notice-start")


def set_to(slider: Locator, value: float) -> None:
    slider.evaluate(
        """(slider, value) => {
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        value,
    )


def test_older_paintings_are_reached(visit: Open, tmp_path: Path) -> None:
    other = Served(tmp_path)
    ids = waiting_jobs(other.store, 2 * CARDS + 2)
    for id in ids:
        other.store.cancel(id)
    try:
        page = visit(served=other)
        shown = "document.querySelectorAll('[data-open]').length"
        holds(page, f"{shown} === {CARDS}")
        more = page.get_by_role("button", name="Older paintings")
        more.click()
        holds(page, f"{shown} === {2 * CARDS}")
        more.click()
        holds(page, f"{shown} === {len(ids)}")
        more.wait_for(state="hidden")
        page.locator(f"[data-open='{ids[-1]}']").click()
        page.wait_for_selector(f".easel.cancelled[data-job='{ids[-1]}']")
        assert page.evaluate(shown) == len(ids)
        assert page.locator("[aria-current]").count() == 1
    finally:
        other.close()
