"""axe-core finds no serious fault, with and without the evidence open."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Opened
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """Return what axe-core holds against a page, with the places."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} at {', '.join(str(node['target']) for node in fault['nodes'][:3])}"
        for fault in found
        if fault["impact"] in GRAVE
    ]


def test_page_is_accessible(opened: Opened) -> None:
    assert violations(opened.page) == []


def test_evidence_is_accessible(fresh: Page) -> None:
    fresh.locator("main a.n").first.click()
    assert fresh.locator("#evidence").is_visible()
    assert violations(fresh) == []
