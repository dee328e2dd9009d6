"""A walk through the archive in a real browser: by mouse, by keys, in the dark, on a phone, on paper."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "print": {"color_scheme": "light", "viewport": {"width": 800, "height": 1100}},
}


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_walk(
    look: str, chromium: Any, watch: Any, served: str, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    context = chromium.new_context(**LOOKS[look])
    page = context.new_page()
    seen = watch(page, served)
    if look == "print":
        page.emulate_media(media="print")

    page.goto(f"{served}/")
    assert page.locator(".card").count() == 8
    page.goto(served + page.locator(".card h3 a", has_text="as water keeps rising").last.get_attribute("href"))
    assert "version 2 → 3" in page.title()

    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "edit-2"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "edit-1"
    page.keyboard.press("v")
    page.wait_for_url("**view=inline")
    page.keyboard.press("[")
    page.wait_for_url("**/{}/{}?view=inline".format(*newest[urls.DAM][:2]))
    assert "version 1 → 2" in page.title()
    page.keyboard.press("a")
    page.wait_for_url("**/articles/*")
    chart = page.locator(".chart .narrow" if look == "phone" else ".chart .wide")
    assert chart.locator(".edit-mark").count() == 3
    assert chart.locator(".line").first.bounding_box()["width"] > 150

    page.goto(f"{served}/search?q=hairline+harmless&only=removed")
    assert page.locator(".results li").count() == 1
    page.goto(f"{served}/as-of?at=2026-03-02T12:00Z&site=lantern")
    assert page.locator(".titles li").count() == 2
    page.goto(f"{served}/sites/lantern")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen == []
    context.close()


def test_every_page_fits_a_phone(chromium: Any, served: str, newest: dict[str, list[str]], urls: ModuleType) -> None:
    page = chromium.new_page(viewport={"width": 340, "height": 700})
    ids = newest[urls.DAM]
    for path in (
        "/", "/articles", "/sites", "/as-of", "/categories", "/api", "/search?q=water", "/nothing",
        f"/diff/{ids[0]}/{ids[3]}", f"/versions/{ids[0]}", "/articles/1", "/sites/lantern",
    ):  # fmt: skip
        page.goto(served + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.close()


def test_the_walk_needs_no_script(chromium: Any, served: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/")
    page.locator(".card h3 a").first.click()
    page.locator("nav.diff-bar a", has_text="one text").click()
    page.get_by_role("link", name="the article").first.click()
    page.get_by_role("button", name="Compare").click()
    assert "/diff/" in page.url
    page.locator("#top-search").fill("water")
    page.locator("#top-search").press("Enter")
    assert page.locator(".results li").count() > 0
    context.close()


def test_arabic_runs_from_right_to_left(
    chromium: Any, served: str, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    page = chromium.new_page()
    page.goto(f"{served}/versions/{newest[urls.ARABIC][1]}")
    assert page.locator("h1").evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert page.locator(".body p").first.evaluate("each => getComputedStyle(each).direction") == "rtl"
    page.close()


@pytest.mark.parametrize("look", ["dark", "light", "phone"])
def test_no_page_keeps_anybody_out(
    look: str, chromium: Any, served: str, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    axe = pytest.importorskip("axe_playwright_python.base", reason="NOT TESTED: axe is not installed")
    context = chromium.new_context(**LOOKS[look])
    context.add_init_script(axe.AXE_SCRIPT)
    page = context.new_page()
    ids = newest[urls.DAM]
    for path in (
        "/", "/articles/1", f"/diff/{ids[1]}/{ids[2]}", f"/diff/{ids[1]}/{ids[2]}?view=inline", f"/versions/{ids[0]}",
        "/search?q=water&only=removed", "/sites", "/sites/lantern", "/as-of", "/categories", "/articles", "/api", "/nothing",
    ):  # fmt: skip
        page.goto(served + path)
        assert page.evaluate(AXE) == [], path
    context.close()


AXE = """
async () => (await axe.run({ resultTypes: ["violations"] })).violations
  .map((each) => `${each.impact}: ${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(" ")}`)
"""
