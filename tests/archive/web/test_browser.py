"""A walk through the archive in a real browser: by mouse, by keys, in the dark, on a phone, on paper.

With BACKISSUE_SCREENSHOTS set to a folder, the walk leaves its pictures there (`make screenshots`).
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "print": {"color_scheme": "light", "viewport": {"width": 800, "height": 1100}},
}


#: Worth showing; the walk sees many more.
PICTURES = {"front-light", "diff-light", "article-dark", "diff-phone", "site-light", "search-light", "diff-print"}


def picture(page: Any, name: str) -> None:
    """Keeps what the page looks like, if anybody wants to."""
    if (folder := os.environ.get("BACKISSUE_SCREENSHOTS")) and name in PICTURES:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


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
    picture(page, f"front-{look}")
    assert page.locator(".card").count() == 8
    page.goto(served + page.locator(".card h3 a", has_text="as water keeps rising").last.get_attribute("href"))
    picture(page, f"diff-{look}")
    assert "version 2 → 3" in page.title()

    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "edit-2"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "edit-1"
    page.keyboard.press("v")
    page.wait_for_url("**view=inline")
    picture(page, f"inline-{look}")
    page.keyboard.press("[")
    page.wait_for_url("**/{}/{}?view=inline".format(*newest[urls.DAM][:2]))
    assert "version 1 → 2" in page.title()
    page.keyboard.press("a")
    page.wait_for_url("**/articles/*")
    picture(page, f"article-{look}")
    assert page.locator(".edit-mark").count() == 3
    assert page.locator("svg .line").first.bounding_box()["width"] > 150

    page.goto(f"{served}/search?q=hairline+harmless&only=removed")
    picture(page, f"search-{look}")
    assert page.locator(".results li").count() == 1
    page.goto(f"{served}/as-of?at=2026-03-02T12:00Z&site=lantern")
    picture(page, f"as-of-{look}")
    assert page.locator(".titles li").count() == 2
    page.goto(f"{served}/sites/lantern")
    picture(page, f"site-{look}")

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


CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => { const f = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
  const behind = (each) => { for (let at = each; at; at = at.parentElement) {
    const c = read(getComputedStyle(at).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255, 255]; };
  const poor = [];
  for (const each of document.querySelectorAll("main *, header *, footer *")) {
    if (each.closest("svg") || each.closest(".hidden") || !each.checkVisibility()) continue;
    if (![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [light(read(getComputedStyle(each).color)), light(behind(each))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${each.tagName}.${each.className} ${ratio.toFixed(2)} ${each.textContent.slice(0, 30)}`);
  }
  return poor;
}
"""
NAMELESS = """
() => [...document.querySelectorAll("a, button, input, select")].filter((each) =>
  !each.closest("svg") && each.checkVisibility() && !(each.textContent.trim() || each.labels?.length ||
    each.getAttribute("aria-label"))).map((each) => each.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_and_everything_has_a_name(
    scheme: str, chromium: Any, served: str, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    page = chromium.new_page(color_scheme=scheme)
    ids = newest[urls.DAM]
    for path in ("/", "/articles", "/sites/lantern", "/articles/1", f"/diff/{ids[1]}/{ids[2]}", f"/versions/{ids[0]}",
                 "/search?q=water&only=removed", "/as-of", "/categories"):  # fmt: skip
        page.goto(served + path)
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(NAMELESS) == [], path
        assert page.locator("main").count() == page.locator("h1").count() == 1
        identities = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
        assert len(identities) == len(set(identities)), path
    page.close()
