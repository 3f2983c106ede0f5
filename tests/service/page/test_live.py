"""The live page in a real browser: what it paints, how fast, and what it says where it cannot."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto import samples
from impasto.networks.graphs import Graph
from impasto.service.plain_pages.live import graphs, runtime
from impasto.service.plain_pages.live.texts import CHINESE, ENGLISH
from tests.service.page.conftest import CHROMIUM, FLAGS, Served, shoot, until
from tests.service.page.test_accessibility import violations
from tests.studio import png

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Live = Callable[..., Any]
# A picture of each kind: of a side of 256 px, so that nothing is made larger or smaller on the way.
SIZE = (256, 192)
SLOWEST = 1.0  # frames a second: five are wanted of a machine that does nothing else
ALIVE = "document.querySelector('#samples .pick') !== null"
READY = "document.documentElement.dataset.device"
NOTICE = "document.querySelector('#notice').textContent"


@pytest.fixture(scope="module")
def fetched() -> None:
    """Skips where the operator's command was not run: there is nothing to paint with then."""
    if not runtime.is_there() or not graphs.present():
        pytest.skip("the live page's runtime and network are not here: run impasto live fetch")


@pytest.fixture(scope="module")
def camera_browser(browser: Browser) -> Iterator[Browser]:
    """A browser with a camera that films a turning disc; the other one has none."""
    flags = [*FLAGS, "--use-fake-device-for-media-stream"]
    opened = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    yield opened
    opened.close()


@contextmanager
def visits(served: Served, camera_browser: Browser) -> Iterator[Live]:
    """Opens the page; at the end nothing may have gone wrong, left this host, or been sent."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def asked(request: Any) -> None:
        if not request.url.startswith(("data:", "blob:", served.url)):
            wrong.append(f"asked {request.url}")
        from_live = request.frame.url.partition("?")[0].endswith("/live")
        if from_live and (request.method != "GET" or request.post_data_buffer):
            wrong.append(f"sent {request.method} to {request.url}")

    def heard(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def open(
        query: str = "",
        *,
        width: int = 1280,
        height: int = 900,
        locale: str = "en-US",
        dark: bool = False,
        camera: bool = True,
        browser: Browser = camera_browser,
        script: str = "",
    ) -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["camera"] if camera else [],
            accept_downloads=True,
        )
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("request", asked)
        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{served.url}/live{query}")
        return page

    yield open
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def live(served: Served, camera_browser: Browser) -> Iterator[Live]:
    """Opens the page as a visitor who was never here."""
    with visits(served, camera_browser) as open:
        yield open


@pytest.fixture(scope="module")
def page(served: Served, camera_browser: Browser, fetched: None) -> Iterator[Page]:  # noqa: ARG001
    """One visit that paints at 256 px on the processor: to start the network takes seconds."""
    with visits(served, camera_browser) as open:
        opened = open("?device=wasm")
        true(opened, READY)
        opened.check("[name=side][value='256']", force=True)
        yield opened


def true(page: Page, expression: str) -> Any:
    """Wait until an expression is true in the page; what is wrong there ends the waiting."""

    def look() -> Any:
        outcome = page.evaluate(expression)
        notice = page.evaluate(NOTICE)
        assert outcome or not notice, notice
        return outcome

    return until(look, expression)


def said(page: Page) -> str:
    """The sentence that the page shows, once it does."""
    return str(until(lambda: page.evaluate(NOTICE), "a sentence"))


def small(name: str, kind: samples.Kind) -> bytes:
    """A sample at `SIZE` as PNG, so that every pixel of it is known."""
    with Image.open(samples.path_of(kind, name)) as opened:
        fitted = opened.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    fitted.save(buffer, "PNG")
    return buffer.getvalue()


def give(page: Page, place: str, body: bytes, name: str = "picture.png") -> None:
    file: Any = {"name": name, "mimeType": "image/png", "buffer": body}
    page.set_input_files(f"#{place}", file)


def slide(page: Page, name: str, value: int) -> None:
    page.evaluate(f"document.querySelector('#{name}').value = {value}")
    page.dispatch_event(f"#{name}", "input")


def pixels(page: Page, canvas: str = "painting") -> NDArray[np.uint8]:
    """What a canvas of the page holds, (H, W, 3)."""
    data, width, height = page.evaluate(
        """(id) => {
            const canvas = document.getElementById(id), { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            let text = "";
            for (const byte of data) text += String.fromCharCode(byte);
            return [btoa(text), width, height];
        }""",
        canvas,
    )
    rgba = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
    return np.ascontiguousarray(rgba[..., :3])


def painted(page: Page) -> NDArray[np.uint8]:
    """The painting, once the page rests."""
    idle = "document.querySelector('#easel:not(.empty)[aria-busy=false]') !== null"
    true(page, idle)
    return pixels(page)


def test_a_painting_is_that_of_python_to_two_levels(page: Page) -> None:
    photograph, style = small("coffee", "content"), small("the-kiss", "style")
    give(page, "own", style)
    true(page, f"document.querySelector('.caption').textContent === '{ENGLISH['own_style']}'")
    slide(page, "strength", 80)
    give(page, "photograph", photograph)
    ours = painted(page)
    slide(page, "strength", 50)

    arrays = [np.asarray(Image.open(io.BytesIO(body))) for body in (photograph, style)]
    painter, reader = (Graph(graphs.present()[name].path, 1) for name in graphs.NAMES)
    code = reader.run(style=arrays[1])
    wanted = painter.run(image=arrays[0], code=code, strength=np.float32([[0.6]]))
    assert np.array_equal(pixels(page, "before"), arrays[0])
    difference = np.abs(ours.astype(int) - wanted.astype(int))
    assert difference.max() <= 2, difference.max()
    assert np.abs(ours.astype(int) - arrays[0]).mean() > 5, "nothing was painted"


def test_the_camera_is_painted_frame_by_frame(page: Page) -> None:
    page.click("#camera")
    true(page, f"document.querySelector('#progress').textContent === '{ENGLISH['camera_status']}'")
    first = pixels(page, "before")
    true(page, f"Number(document.querySelector('#facts').dataset.rate) >= {SLOWEST}")
    assert pixels(page).shape == (192, 256, 3)
    until(
        lambda: not np.array_equal(first, pixels(page, "before")),
        "a frame in which the disc has turned",
    )
    assert "frames a second" in page.inner_text("#facts")
    shoot(page, "live-camera")
    page.click("#camera")
    true(page, "document.querySelector('#easel').ariaBusy === 'false'")
    assert page.inner_text("#camera") == ENGLISH["use_camera"]


def test_two_styles_blend_from_one_to_the_other(page: Page) -> None:
    page.check("#styles [value=the-kiss]", force=True)
    give(page, "photograph", small("coffee", "content"))
    one = painted(page)
    page.check("[name=slot][value='1']", force=True)
    page.check("#styles [value=great-wave]", force=True)

    def at(share: int) -> NDArray[np.uint8]:
        slide(page, "share", share)
        return painted(page)

    half, other, again = at(50), at(100), at(0)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, half)
    assert not np.array_equal(half, other)
    page.click("#none")
    assert page.is_hidden("#share-slide")
    page.check("[name=slot][value='0']", force=True)


def test_a_painting_is_saved_and_compared_by_keyboard(page: Page) -> None:
    page.check("#styles [value=starry-night]", force=True)
    give(page, "photograph", small("coffee", "content"))
    ours = painted(page)
    page.focus("#wipe")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelector('.compare').style.getPropertyValue('--at')")
    with page.expect_download() as saving:
        page.click("#save")
    assert saving.value.suggested_filename == "impasto-starry-night.png"
    with Image.open(saving.value.path()) as saved:
        assert np.array_equal(np.asarray(saved.convert("RGB")), ours)


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize(("locale", "dark"), [("en-US", False), ("zh-CN", True)])
def test_axe_finds_nothing_and_a_phone_needs_no_scrolling_aside(
    live: Live, locale: str, dark: bool
) -> None:
    for width, height in ((1280, 900), (390, 844)):
        page = live("?device=wasm", width=width, height=height, locale=locale, dark=dark)
        tag = f"live-{width}-{locale}-{'dark' if dark else 'light'}"
        true(page, READY)
        assert violations(page) == [], "empty"
        shoot(page, f"{tag}-empty")
        page.click("#samples .pick:nth-child(2)")
        painted(page)
        page.check("[name=slot][value='1']", force=True)
        page.check("#styles [value=great-wave]", force=True)
        painted(page)
        assert violations(page) == [], "painted"
        shoot(page, f"{tag}-painted")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        words = CHINESE if locale == "zh-CN" else ENGLISH
        assert page.inner_text("[data-text=private]") == words["private"]
        page.context.close()


@pytest.mark.usefixtures("fetched")
def test_a_refused_camera_is_told_and_so_is_one_that_there_is_not(
    live: Live, browser: Browser
) -> None:
    for expected, options in (
        ("camera_refused", {"camera": False}),
        ("no_camera", {"browser": browser}),
        ("camera_insecure", {"script": "delete Navigator.prototype.mediaDevices"}),
    ):
        page = live("?device=wasm", **options)
        true(page, ALIVE)
        page.click("#camera")
        assert said(page) == ENGLISH[expected]


@pytest.mark.usefixtures("fetched")
def test_pictures_that_cannot_be_painted_are_told(live: Live, tmp_path: Path) -> None:
    page = live("?device=wasm")
    true(page, ALIVE)
    for name, body, expected in (
        ("notes.txt", b"no picture", ENGLISH["unread"].format(name="notes.txt")),
        (
            "long.png",
            png(300, 30),
            ENGLISH["narrow"].format(name="long.png", width=300, height=30, most=8),
        ),
        (
            "wall.png",
            png(9000, 6000),
            ENGLISH["large"].format(name="wall.png", width=9000, height=6000, most=50),
        ),
        (
            "heavy.png",
            bytes(41_000_000),
            ENGLISH["heavy"].format(name="heavy.png", size="41.0", most="40.0"),
        ),
    ):
        (tmp_path / name).write_bytes(body)
        page.set_input_files("#photograph", tmp_path / name)
        until(lambda wanted=expected: page.evaluate(NOTICE) == wanted, expected)
    assert page.evaluate("document.querySelector('#easel').className") == "empty"
    give(page, "photograph", png(256, 192))
    painted(page)


@pytest.mark.usefixtures("fetched")
def test_a_browser_without_webassembly_is_told(live: Live) -> None:
    page = live(script="delete globalThis.WebAssembly")
    assert said(page) == ENGLISH["no_wasm"]
    assert page.evaluate("document.querySelector('#desk').inert")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_where_nothing_was_fetched_the_page_says_what_to_run(
    live: Live, locale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path))
    page = live(locale=locale)
    words = CHINESE if locale == "zh-CN" else ENGLISH
    assert said(page) == words["missing"]
    assert "impasto live fetch" in words["missing"]
    assert violations(page) == []
    shoot(page, f"live-missing-{locale}")


@pytest.mark.usefixtures("fetched")
def test_a_graph_that_is_none_is_told(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "live" / "graphs" / "broken").mkdir(parents=True)
    (tmp_path / "live" / runtime.folder().name).symlink_to(runtime.folder())
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path))
    for name in graphs.NAMES:
        (graphs.folder() / "broken" / name).write_bytes(b"no graph")
    page = live("?device=wasm")
    assert said(page).startswith("The network could not be started (")


def test_a_style_taken_while_another_is_read_is_the_one_that_is_painted_by(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path))
    page = live()
    assert said(page) == ENGLISH["missing"]
    # The page's own module, with a reader that answers when it is told to: with the red it saw.
    page.evaluate(
        """async () => {
            const { styles } = await import(new URL("live/styles.js", location));
            window.reads = [];
            const read = ({ data }) => new Promise((done) => reads.push(() => done([data[0]])));
            const changed = () => (window.taken = (window.taken ?? 0) + 1);
            window.style = styles({ read, smallestWork: 256, changed, complain: console.error });
        }"""
    )
    give(page, "own", png(64, 64, "#ff0000"))
    until(lambda: page.evaluate("window.taken === 1"), "the first style")
    page.evaluate("void (window.code = style.code(0, 256))")
    until(lambda: page.evaluate("reads.length === 1"), "a look at the first style")
    give(page, "own", png(64, 64, "#2a0000"))
    until(lambda: page.evaluate("window.taken === 2"), "the second style")
    page.evaluate("reads[0]()")
    until(lambda: page.evaluate("reads.length === 2"), "a look at the second style")
    page.evaluate("reads[1]()")
    assert page.evaluate("code") == [0x2A]
    assert page.evaluate("style.code(0, 256)") == [0x2A]


def test_the_language_that_a_link_chose_stays(live: Live) -> None:
    page = live()
    page.click("[data-language]")
    until(lambda: page.title() == CHINESE["title"], "Chinese")
    page.goto(page.url.split("?")[0])
    until(lambda: page.title() == CHINESE["title"], "Chinese again")
    page.click("nav a")
    page.wait_for_selector("a[href=live]")
    page.click("a[href=live]")
    until(lambda: page.title() == CHINESE["title"], "the way back")
