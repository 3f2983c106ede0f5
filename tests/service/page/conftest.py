"""A studio with its page, a worker that paints, and a browser to look at it with."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("gradio", reason="the extra web is not installed")

import uvicorn
from fastapi import FastAPI

from impasto import samples
from impasto.service.contract import JobOut, State
from impasto.service.http import api, problems
from impasto.service.http.app import create_app
from impasto.service.http.state import AppState, Limits
from impasto.service.jobs.store import Store
from impasto.service.jobs.worker import work
from impasto.service.try_on.process import TryOn
from impasto.settings import StyleSettings
from impasto.signals import Stop
from tests.studio import png

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

DEADLINE_S = 90.0
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# As root and without a network: see the browser's own help.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VARIABLES = ("GRADIO_TEMP_DIR", "GRADIO_ANALYTICS_ENABLED", "IMPASTO_DATABASE_URL")


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait for something, no longer than the deadline."""
    end = time.monotonic() + DEADLINE_S
    while not (outcome := true()):
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.02)
    return outcome


def holds(page: Page, expression: str) -> None:
    """Wait until an expression is true in the page, whose policy forbids Playwright's own way."""
    until(lambda: page.evaluate(expression), expression)


def remote_job(id: str, state: State = State.FINISHED, **more: Any) -> JobOut:
    """A job as the API shows it; zeros complete its id."""
    settings = {"recipe": "default", "strength": 0.5}
    created_at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    values = {"settings": settings, "created_at": created_at, **more}
    return JobOut(id=id.ljust(32, "0"), state=state, **values)


def waiting_jobs(store: Store, count: int) -> list[str]:
    """Jobs that wait, the newest first; their ids."""
    inputs = {role: store.folder.keep_upload(io.BytesIO(png())) for role in ("content", "style")}
    return [store.add(StyleSettings(), inputs, client="ada").id for _ in range(count)][::-1]


def app_without_access(store: Store, limits: Limits) -> FastAPI:
    """An application as the page finds it: its access middleware is added after the page."""
    app = FastAPI()
    app.state.studio = AppState(store, limits)
    problems.install(app)
    app.include_router(api.router)
    return app


class Served:
    """A studio on the loopback, with its page."""

    def __init__(self, data: Path, port: int = 0, try_on: TryOn | None = None) -> None:
        self.store = Store(data=data)
        self.app = create_app(self.store, try_on=try_on)
        config = uvicorn.Config(
            self.app, port=port, log_level="error", timeout_graceful_shutdown=1, lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started, "the server")
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(DEADLINE_S)
        self.store.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder; what the page sets for the process is put back."""
    before = {name: os.environ.get(name) for name in VARIABLES}
    os.environ.pop("IMPASTO_DATABASE_URL", None)
    yield tmp_path_factory.mktemp("studio")
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    server = Served(data)
    yield server
    server.close()


@pytest.fixture(scope="module")
def worker(data: Path) -> Iterator[None]:
    """Paints what is asked for, in a thread of its own."""
    stop, store = Stop(), Store(data=data)
    options = {"threads": 1, "poll_s": 0.05, "stop": stop}
    thread = threading.Thread(target=work, args=(store, "painter"), kwargs=options, daemon=True)
    thread.start()
    yield
    stop.asked = True
    thread.join(DEADLINE_S)
    store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


Open = Callable[..., Any]


@pytest.fixture(scope="module")
def context_of(browser: Browser) -> Iterator[Callable[[str, bool], BrowserContext]]:
    """What visitors of one language and kind of screen share: what their browser has fetched, which
    it need not fetch and compile again for every test."""
    contexts: dict[tuple[str, bool], BrowserContext] = {}

    def context(locale: str, touch: bool) -> BrowserContext:
        if (locale, touch) not in contexts:
            contexts[locale, touch] = browser.new_context(
                locale=locale, has_touch=touch, is_mobile=touch, accept_downloads=True
            )
        return contexts[locale, touch]

    yield context
    for opened in contexts.values():
        opened.close()


@pytest.fixture
def visit(served: Served, context_of: Callable[[str, bool], BrowserContext]) -> Iterator[Open]:
    """Opens the page as a visitor; at the end nothing may have gone wrong or left this host."""
    pages: list[Page] = []
    wrong: list[str] = []

    def asked(request: Any) -> None:
        if not request.url.startswith(("data:", "blob:", "http://127.0.0.1:")):
            wrong.append(f"asked {request.url}")

    def heard(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def open(
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 900,
        locale: str = "en-US",
        touch: bool = False,
        clock: bool = False,
        served: Served = served,
        may_fail: bool = False,
    ) -> Page:
        page = context_of(locale, touch).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(DEADLINE_S * 1000)
        page.on("request", asked)
        if not may_fail:
            page.on("console", heard)
            page.on("pageerror", lambda error: wrong.append(str(error)))
        if clock:
            page.clock.install()
        page.goto(served.url + path)
        page.wait_for_selector(".easel")
        holds(page, "document.querySelector('.easel').innerText.trim()")
        return page

    yield open
    for page in pages:
        page.context.clear_cookies()
        page.close()
    assert wrong == []


def drop(
    page: Page, place: str, path: Path, name: str | None = None, *, kind: str = "image/jpeg"
) -> None:
    """Let a file fall onto a place, as from another window."""
    upload = [base64.b64encode(path.read_bytes()).decode(), name or path.name, kind]
    files = page.evaluate_handle(
        """([data, name, type]) => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type }));
            return transfer;
        }""",
        upload,
    )
    filled = page.locator(f"#{place} img")
    target = filled if filled.count() else page.locator(f"#{place} button").first
    target.dispatch_event("drop", {"dataTransfer": files})


def choose(page: Page, content: str = "coffee", style: str = "swirls") -> None:
    """Drop a photograph and a style."""
    drop(page, "content", samples.content(content))
    page.wait_for_selector("#content img")
    drop(page, "style-1", samples.style(style))
    page.wait_for_selector("#style-1 img")


def paint(page: Page) -> str:
    """Press Paint; the id of the new job. A look that is on its way may still show the last one."""
    job = "document.querySelector('#hidden-job textarea, #hidden-job input').value"
    before = page.evaluate(job)
    page.click("#start")
    holds(page, f"{job} !== {json.dumps(before)}")
    return str(page.evaluate(job))


def advanced(page: Page, **settings: int) -> None:
    """Open Advanced, and type numbers into settings there."""
    ready = "!document.querySelector('#advanced [inert]')"
    if not page.locator("#setting-steps input").first.is_visible():
        page.click("#advanced > button")
        page.wait_for_selector("#setting-steps input")
        holds(page, ready)
    for name, value in settings.items():
        field = page.locator(f"#setting-{name} input").first
        field.fill(str(value))
        field.blur()


PlainPage = Callable[..., Any]
NOTICE = "document.querySelector('#notice').textContent"


@pytest.fixture
def plain_page(served: Served, browser: Browser) -> Iterator[PlainPage]:
    """Opens a plain page by its name; at the end nothing may have gone wrong or left this host."""
    contexts, wrong = [], []

    def asked(request: Any) -> None:
        if not request.url.startswith(("data:", "blob:", served.url)):
            wrong.append(f"asked {request.url}")

    def heard(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def open(address: str, *, locale: str = "en-US", width: int = 1280) -> Page:
        size = {"width": width, "height": 900}
        contexts.append(browser.new_context(locale=locale, viewport=size, accept_downloads=True))
        page: Page = contexts[-1].new_page()
        page.on("request", asked)
        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{served.url}/{address}")
        holds(page, "document.querySelector('#easel').dataset.stands !== undefined")
        return page

    yield open
    for context in contexts:
        context.close()
    assert wrong == []


def stands(page: Page, what: str) -> None:
    """Wait for what stands on the easel; a sentence of what went wrong ends the waiting."""

    def look() -> bool:
        now = page.evaluate("document.querySelector('#easel').dataset.stands")
        wrong = page.evaluate("document.querySelector('#notice .error')?.textContent")
        assert now == what or not wrong, wrong
        return bool(now == what)

    until(look, what)


def tiny(page: Page, side: int = 64) -> None:
    """Have the chosen size mean so many pixels, for a test that is quick."""
    page.evaluate(f"document.querySelector('[name=side]:checked').value = '{side}'")


SCREENSHOTS = os.environ.get("IMPASTO_SCREENSHOTS")  # the folder that keeps pictures of the page


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page, where one is wanted."""
    if SCREENSHOTS:
        page.screenshot(
            path=Path(SCREENSHOTS, f"{name}.png"), full_page=True, animations="disabled"
        )


def shoot_for_docs(page: Page) -> None:
    """Keep a picture of what is seen of the page, as the docs have it, where one is wanted."""
    if SCREENSHOTS:
        page.evaluate("scrollTo(0, 0)")
        place = Path(SCREENSHOTS, "studio.jpg")
        page.screenshot(path=place, type="jpeg", quality=88, animations="disabled")
