"""What every page must be: free of axe's violations in light and dark, no wider than the screen, with targets for thumbs."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320  # CSS pixels: a screen of 1280 at 400 % (WCAG 1.4.10)
TARGET = 44
INLINE = 24  # a link inside a sentence takes its height from the line

RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map((one) =>
    `${one.id}: ` + one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary ?? ""}`).join(" | "));
}"""

# Words that stick out of the screen; what may be scrolled by itself (a table) or is hidden on purpose is no fault.
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  if (document.scrollingElement.scrollWidth > wide)
    found.push(`the page is ${document.scrollingElement.scrollWidth} wide on a screen of ${wide}`);
  const clipped = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none" || ["auto", "scroll"].includes(style.overflowX)) return true;
    }
    return false;
  };
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect(), seen = box.width && box.height && element.checkVisibility();
    if (seen && (box.right > wide + 1 || box.left < -1) && !clipped(element))
      found.push(`${element.tagName.toLowerCase()}.${element.className} #${element.id} reaches ${Math.round(box.right)}`);
  }
  return found.slice(0, 6);
}"""

# The box of a target: its own, or that of the label that one may tap instead.
TARGETS = """() => {
  const found = [];
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]";
  for (const element of document.querySelectorAll(wanted)) {
    const label = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") : null;
    const target = label ?? element, box = target.getBoundingClientRect(), style = getComputedStyle(target);
    if (!element.checkVisibility({visibilityProperty: true}) || !box.width) continue;
    if (style.clipPath !== "none" || element.readOnly) continue;
    const words = (element.ariaLabel ?? target.textContent).trim().slice(0, 30);
    const name = `${target.tagName.toLowerCase()}.${target.className} "${words}"`;
    found.push([name, style.display === "inline", box.width, box.height]);
  }
  return found;
}"""

TEXT_SIZES = (
    ("320 wide", "", ""),
    ("320 wide, text huge", "huge", ""),
    ("320 wide, text 200 %", "", "212.5%"),  # twice the 106.25 % of base.css
)
SIZE_TEXT = """([text, size]) => {
  const root = document.documentElement;
  if (text) root.dataset.text = text; else delete root.dataset.text;
  root.style.fontSize = size;
}"""


@cache
def _axe() -> str:
    return AXE.read_text()


@dataclass
class Tally:
    """How much was looked at in a run."""

    axe_runs: int = 0
    reflows: int = 0
    targets: int = 0
    pages: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        pages = len(self.pages)
        return f"{pages} states of pages, {self.axe_runs} axe runs, {self.reflows} widths, {self.targets} targets"


TALLY = Tally()


def look(page: Page, name: str) -> None:
    """Fails with everything that is wrong with what is on the screen now."""
    TALLY.pages.add(name)
    faults = _violations(page) + _small_targets(page) + _too_wide(page)
    assert not faults, f"{name} ({page.url}):\n" + "\n".join(faults)


def _violations(page: Page) -> list[str]:
    """The policy of our pages lets no script tag in; the browser's own door is open."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    found = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {line}" for line in page.evaluate(RUN_AXE, RULES)]
        TALLY.axe_runs += 1
    return found


def _small_targets(page: Page) -> list[str]:
    found = page.evaluate(TARGETS)
    TALLY.targets += len(found)
    return [
        f"target of {width:.0f}×{height:.0f}: {name}"
        for name, inline, width, height in found
        if (height if inline else min(width, height)) < (INLINE if inline else TARGET) - 0.5
    ]


def _too_wide(page: Page) -> list[str]:
    """At 320 pixels with the three sizes of text; the page is put back as it was."""
    size, found = page.viewport_size, []
    page.set_viewport_size({"width": NARROW, "height": 700})
    for name, text, font_size in TEXT_SIZES:
        page.evaluate(SIZE_TEXT, [text, font_size])
        found += [f"{name}: {line}" for line in page.evaluate(STICKING_OUT)]
        TALLY.reflows += 1
    page.evaluate(SIZE_TEXT, ["", ""])
    page.set_viewport_size(size)
    return found
