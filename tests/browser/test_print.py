"""On A4 paper no chart and no row is cut, and nothing of the screen is left over."""

import re

import pytest
from conftest import PAPER
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MOST_PAGES = 28  # a report of under twenty pages, its sources and its ledger
FIGURES = """(figures) => figures.map((figure) => ({
  id: figure.id,
  height: figure.offsetHeight,
  width: figure.scrollWidth,
  whole: getComputedStyle(figure).breakInside === "avoid",
  picture: figure.querySelector("img").checkVisibility() && !figure.querySelector(".live").checkVisibility(),
}))"""


def test_charts_are_whole(paper: Page) -> None:
    figures = paper.locator("figure").evaluate_all(FIGURES)
    assert figures
    assert [figure["id"] for figure in figures if not figure["whole"]] == []
    assert {f["id"]: f["height"] for f in figures if f["height"] >= PAPER["height"]} == {}
    assert {f["id"]: f["width"] for f in figures if f["width"] > PAPER["width"]} == {}


def test_charts_are_printed_as_pictures(paper: Page) -> None:
    assert [f["id"] for f in paper.locator("figure").evaluate_all(FIGURES) if not f["picture"]] == []


def test_rows_are_whole_and_no_wider_than_the_paper(paper: Page) -> None:
    breaks = "(rows) => rows.map((row) => getComputedStyle(row).breakInside)"
    assert set(paper.locator("tr").evaluate_all(breaks)) <= {"avoid"}
    assert paper.evaluate("() => document.documentElement.scrollWidth") <= PAPER["width"]


def test_nothing_of_the_screen_is_printed(paper: Page) -> None:
    assert paper.locator("nav:visible, .skip:visible, dialog:visible, figure details:visible").count() == 0


def test_report_is_not_too_long(paper: Page) -> None:
    printed = paper.pdf(prefer_css_page_size=True)
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST_PAGES
