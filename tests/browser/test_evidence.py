"""A number opens to its evidence, by mouse and by keyboard, and gives the focus back."""

import pytest
from playwright.sync_api import Locator, Page

from palanca.brief.page import vocabulary
from palanca.catalogue.text import Language

pytestmark = pytest.mark.browser

FOCUSED = "(element) => element === document.activeElement"
# Charts near the screen are drawn as they come near, and what stands below them moves once.
SETTLED = """async () => {
  for (let height = -1, same = 0; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    same = height === document.documentElement.scrollHeight ? same + 1 : 0;
    height = document.documentElement.scrollHeight;
  }
}"""


def first_numbers(page: Page) -> list[Locator]:
    """Return the first number of the masthead and of each section that has one."""
    places = page.locator("header, main > section").filter(has=page.locator("a.n")).all()
    return [place.locator("a.n").first for place in places]


def test_number_opens_its_evidence(fresh: Page, language: Language) -> None:
    dialog = fresh.locator("#evidence")
    for number in first_numbers(fresh):
        number.scroll_into_view_if_needed()
        fresh.evaluate(SETTLED)
        number.click()
        assert dialog.is_visible()
        check_evidence(dialog, language)
        assert dialog.locator("tr[data-value]").filter(has_text=value_name(number)).count() > 0
        fresh.keyboard.press("Escape")
        assert not dialog.is_visible()
        assert number.evaluate(FOCUSED)


def check_evidence(dialog: Locator, language: Language) -> None:
    words = vocabulary().words
    assert dialog.locator("p b").count() > 0
    assert dialog.locator("tbody tr:not([data-value])").count() > 0
    for word in ("licence", "method", "vintage", "confidence"):
        assert f"{words[word][language]}:" in dialog.inner_text()


def value_name(number: Locator) -> str:
    return str(number.get_attribute("data-value"))


def test_keyboard_opens_and_closes_the_evidence(fresh: Page) -> None:
    number = first_numbers(fresh)[0]
    number.focus()
    fresh.keyboard.press("Enter")
    close = fresh.locator("#evidence .shut")
    assert close.evaluate(FOCUSED)
    fresh.keyboard.press("Enter")
    assert not fresh.locator("#evidence").is_visible()
    assert number.evaluate(FOCUSED)


def test_evidence_fits_the_screen(fresh: Page, width: int) -> None:
    first_numbers(fresh)[-1].click()
    dialog = fresh.locator("#evidence")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert dialog.evaluate("(element) => element.scrollWidth <= element.clientWidth")
