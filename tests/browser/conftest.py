"""A browser, the briefs of three pairs, and their pages as a reader leaves them: scrolled to the end."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, ViewportSize, sync_playwright

from palanca.brief import brief
from palanca.catalogue.text import LANGUAGES

PAIRS = ("MEX-USA", "FRA-DEU", "TUV-NRU")  # with the United States, without it, with next to no data
WIDTHS = (1280, 390)  # a laptop, a telephone
HEIGHT = 900
DOT = 96 / 25.4  # CSS pixels a millimetre
# A4 less the margins of the style sheet
PAPER: ViewportSize = {"width": int((210 - 2 * 14) * DOT), "height": int((297 - 2 * 14) * DOT)}
BINARIES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# Charts are drawn as they come near, which is seen once a frame; half a minute is far more than all take.
SCROLL_THROUGH = """async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const waiting = () => [...document.querySelectorAll(".live")].some((place) => !place.querySelector("svg"));
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
    scrollTo({ top, behavior: "instant" });
    await frame();
    await frame();
  }
  for (let tries = 0; waiting() && tries < 300; tries++) await pause(100);
  scrollTo({ top: 0, behavior: "instant" });
}"""


@dataclass(frozen=True)
class Opened:
    """A page in the browser, with what it complained of and what it asked of the network."""

    page: Page
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def listen(view: Opened) -> None:
    """Keep what the page complains of, and let it reach files only."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            view.faults.append(message.text)

    def let_files_through(route: Route) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            view.requests.append(route.request.url)
            route.abort()

    view.page.on("pageerror", lambda error: view.faults.append(str(error)))
    view.page.on("console", hear)
    view.page.route("**/*", let_files_through)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Debian's Chromium, or the one that PALANCA_CHROMIUM names."""
    found = os.environ.get("PALANCA_CHROMIUM") or next(filter(None, map(shutil.which, BINARIES)), None)
    if not found:
        pytest.skip(f"no Chromium: none of {', '.join(BINARIES)} is installed, PALANCA_CHROMIUM is not set")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of a pair's brief, built when first asked for."""

    @cache
    def build(pair: str) -> Path:
        folder = tmp_path_factory.mktemp(pair)
        brief(*pair.split("-")).save(folder)
        return folder

    return build


@pytest.fixture(scope="session", params=PAIRS)
def pair(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session", params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def file(saved: Callable[[str], Path], pair: str, language: str) -> Path:
    """Return one language of one brief."""
    return saved(pair) / f"brief.{language}.html"


@pytest.fixture(scope="session")
def opened(chromium: Browser, file: Path, width: int) -> Iterator[Opened]:
    """Return a page scrolled to its end and back; tests that share it leave it as it is."""
    with chromium.new_context(viewport={"width": width, "height": HEIGHT}) as context:
        view = Opened(context.new_page())
        listen(view)
        view.page.goto(file.as_uri())
        view.page.evaluate(SCROLL_THROUGH)
        _picture(view.page, f"{file.parent.name.rstrip('0')}.{file.stem}.{width}.png")
        yield view


@pytest.fixture
def fresh(chromium: Browser, file: Path, width: int) -> Iterator[Page]:
    """Return a page as it opens, for a test that acts on it."""
    with chromium.new_context(viewport={"width": width, "height": HEIGHT}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        yield page


@pytest.fixture(scope="session")
def scriptless(chromium: Browser, file: Path) -> Iterator[Page]:
    """Return a page whose scripts do not run."""
    viewport: ViewportSize = {"width": WIDTHS[0], "height": HEIGHT}
    with chromium.new_context(viewport=viewport, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        yield page


@pytest.fixture(scope="session")
def paper(chromium: Browser, file: Path) -> Iterator[Page]:
    """Return a page laid out for print on A4, after its charts turned live on the screen."""
    with chromium.new_context(viewport={"width": WIDTHS[0], "height": HEIGHT}) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate(SCROLL_THROUGH)
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        yield page


def _picture(page: Page, name: str) -> None:
    """Save a full-page picture where PALANCA_SCREENSHOTS says."""
    folder = os.environ.get("PALANCA_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / name, full_page=True)
