"""A page opens alone, fits the screen, and leads where its links say."""

from pathlib import Path

import pytest
from conftest import Opened
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LIGHT = 3_000_000  # bytes: Vega and the pictures included, a page travels by e-mail
# Text may be wider than the screen only inside a region that scrolls by itself.
CUT_TEXT = """() => {
  const edge = document.documentElement.clientWidth, cut = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, holder = text.parentElement;
    if (!text.data.trim() || !holder.checkVisibility() || holder.closest(".wide, .skip, svg")) continue;
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()];
    if (boxes.some((box) => box.left < -0.5 || box.right > edge + 0.5)) cut.push(text.data.trim());
  }
  for (const holder of document.querySelectorAll("body *:not(svg, svg *)")) {
    const hides = ["hidden", "clip"].includes(getComputedStyle(holder).overflowX);
    if (hides && holder.checkVisibility() && holder.scrollWidth > holder.clientWidth + 1)
      cut.push(holder.textContent.trim());
  }
  return cut;
}"""
DEAD_LINKS = """() => [...document.querySelectorAll('a[href^="#"]')]
  .map((link) => link.getAttribute("href").slice(1))
  .filter((name) => !document.getElementById(name))"""
UNPROVEN = """() => [...document.querySelectorAll("a.n")]
  .filter((link) => {
    const entry = document.getElementById(link.getAttribute("href").slice(1));
    const value = CSS.escape(link.dataset.value);
    return !entry?.closest(".ledger") || !entry.querySelector(`tr[data-value="${value}"]`);
  })
  .map((link) => `${link.textContent} (${link.getAttribute("href")}, ${link.dataset.value})`)"""


def test_nothing_goes_wrong(opened: Opened) -> None:
    assert opened.faults == []


def test_nothing_is_asked_of_the_network(opened: Opened) -> None:
    assert opened.requests == []


def test_page_does_not_scroll_sideways(opened: Opened) -> None:
    whole, seen = opened.page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert whole <= seen


def test_no_text_is_cut(opened: Opened) -> None:
    assert opened.page.evaluate(CUT_TEXT) == []


def test_every_link_inside_the_page_has_a_place(opened: Opened) -> None:
    assert opened.page.evaluate(DEAD_LINKS) == []


def test_every_number_has_its_value_in_the_ledger(opened: Opened) -> None:
    assert opened.page.locator("a.n").count() > 0
    assert opened.page.evaluate(UNPROVEN) == []


def test_first_stop_of_the_keyboard_skips_to_the_text(fresh: Page) -> None:
    fresh.keyboard.press("Tab")
    skip = fresh.locator(".skip")
    assert skip.evaluate("(link) => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert min(box["x"], box["y"]) >= 0
    fresh.keyboard.press("Enter")
    assert fresh.url.endswith("#main")


def test_language_link_opens_the_other_page(fresh: Page, language: str) -> None:
    other = {"en": "es", "es": "en"}[language]
    assert fresh.locator("html").get_attribute("lang") == language
    fresh.locator(f'.meta a[hreflang="{other}"]').click()
    assert fresh.url.endswith(f"brief.{other}.html")
    assert fresh.locator("html").get_attribute("lang") == other


def test_page_is_light(file: Path) -> None:
    assert file.stat().st_size < LIGHT
