"""Every chart is live with scripts and a picture without, and no label is cut off."""

import pytest
from conftest import Opened
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Boxes are compared to the pixel; anti-aliasing may spill over by less than one.
MEASURES = """
  const visible = (text) => text.textContent.trim() && text.getAttribute("opacity") !== "0";
  const outside = (svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter(visible).filter((text) => {
      const box = text.getBoundingClientRect();
      return box.left < frame.left - 1 || box.right > frame.right + 1
          || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
    }).map((text) => text.textContent);
  };
  const drawn = (svg) => [...svg.querySelectorAll(".role-mark path")].some((mark) => {
    const box = mark.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  });
"""
LIVE = f"""() => {{
  {MEASURES}
  return [...document.querySelectorAll(".live")].map((place) => {{
    const svg = place.querySelector("svg"), picture = place.parentElement.querySelector("img");
    const shown = Boolean(svg?.checkVisibility() && !picture.checkVisibility());
    return {{ id: place.dataset.chart, shown, drawn: Boolean(svg && drawn(svg)), cut: svg ? outside(svg) : [] }};
  }});
}}"""
STATIC = f"""() => {{
  {MEASURES}
  return [...document.querySelectorAll("figure")].map((figure) => {{
    const bytes = Uint8Array.from(atob(figure.querySelector("img").src.split(",")[1]), (c) => c.charCodeAt(0));
    const holder = document.createElement("div");
    holder.innerHTML = new TextDecoder().decode(bytes);
    document.body.append(holder);
    const svg = holder.querySelector("svg");
    const found = {{ id: figure.id, drawn: drawn(svg), cut: outside(svg) }};
    holder.remove();
    return found;
  }});
}}"""
PICTURES = """(images) => images
  .filter((image) => !image.checkVisibility() || !image.complete || image.naturalWidth === 0)
  .map((image) => image.alt)"""


def test_every_chart_turns_live(opened: Opened) -> None:
    charts = opened.page.evaluate(LIVE)
    assert charts
    assert [chart["id"] for chart in charts if not chart["shown"]] == []
    assert [chart["id"] for chart in charts if not chart["drawn"]] == []


def test_no_label_of_a_live_chart_is_cut(opened: Opened) -> None:
    assert {chart["id"]: chart["cut"] for chart in opened.page.evaluate(LIVE) if chart["cut"]} == {}


def test_no_label_of_a_picture_is_cut(opened: Opened) -> None:
    charts = opened.page.evaluate(STATIC)
    assert [chart["id"] for chart in charts if not chart["drawn"]] == []
    assert {chart["id"]: chart["cut"] for chart in charts if chart["cut"]} == {}


def test_pictures_stand_in_where_scripts_do_not_run(scriptless: Page) -> None:
    assert scriptless.locator("figure").count() == scriptless.locator("figure img").count() > 0
    assert scriptless.locator("figure img").evaluate_all(PICTURES) == []
    assert scriptless.locator(".live:visible").count() == 0


def test_numbers_lead_to_the_ledger_where_scripts_do_not_run(scriptless: Page) -> None:
    number = scriptless.locator("main a.n").first
    target = str(number.get_attribute("href"))
    number.click()
    assert scriptless.url.endswith(target)
    assert scriptless.locator(target).is_visible()
