"""The figures of a run as Markdown, and whether they keep what was promised."""

from dataclasses import dataclass

from bench.browser import Sight
from bench.load import Phase

HEAD = ("", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "x bare", "queries", "bytes")
KB = 1000
FEW_QUERIES = ("child's page", "home", "edit fragment")


@dataclass(frozen=True)
class Promise:
    """One figure that was promised, and what came of it."""

    name: str
    promised: str
    found: str
    kept: bool


def table(phases: list[Phase]) -> str:
    """One line for each kind of request."""
    bare = phases[0].cpu_ms
    lines = ["| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    for phase in phases:
        times = [f"{phase.percentile(part):.1f}" for part in (0.5, 0.95, 0.99)]
        rate, cpu = f"{len(phase.times) / phase.seconds:.0f}", phase.cpu_ms
        cells = [phase.name, rate, *times, f"{cpu:.2f}", f"{cpu / bare:.1f}", f"{phase.queries:.1f}", str(phase.size)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def of_load(phases: list[Phase], memory: int) -> list[Promise]:
    by_name = {phase.name: phase for phase in phases}
    ratio = by_name["child's page"].cpu_ms / phases[0].cpu_ms
    most = max(by_name[name].queries for name in FEW_QUERIES)
    fragment = by_name["edit fragment"].size
    return [
        Promise("CPU of the child's page", "at most 5 times the bare route, 3 is the aim", f"{ratio:.1f}", ratio <= 5),
        Promise("memory of one worker", "less than 150 MB", f"{memory / KB / KB:.0f} MB", memory < 150 * KB * KB),
        Promise("queries of a parent's page", "at most 10", f"{most:.0f}", most <= 10),
        Promise("edit fragment, compressed", "at most 4 kB", f"{fragment / KB:.1f} kB", fragment <= 4 * KB),
    ]


def of_sights(sights: dict[str, Sight]) -> list[Promise]:
    child = sights["child's page"]
    shift = max(sight.cls for sight in sights.values())
    visit = max(sight.everything for sight in sights.values())
    requests = max(sight.requests for sight in sights.values())
    return [
        Promise(
            "LCP, slow 4G, a quarter of the processor", "at most 0.8 s", f"{child.lcp / 1000:.2f} s", child.lcp <= 800
        ),
        Promise("CLS", "at most 0.02", f"{shift:.4f}", shift <= 0.02),
        Promise(
            "HTML and CSS of the child's page",
            "at most 14 kB",
            f"{child.html_css / KB:.1f} kB",
            child.html_css <= 14 * KB,
        ),
        Promise(
            "a first visit",
            "at most 45 kB in 6 requests",
            f"{visit / KB:.1f} kB in {requests:.0f}",
            visit <= 45 * KB and requests <= 6,
        ),
    ]


def of_marks(marks: dict[str, int]) -> list[Promise]:
    wanted = {"performance": 98, "accessibility": 100, "best-practices": 100}
    return [
        Promise(f"Lighthouse, {name}", f"at least {least}", str(marks[name]), marks[name] >= least)
        for name, least in wanted.items()
    ]


def promises(found: list[Promise]) -> str:
    lines = ["| | promised | found | |", "|---|---|---|---|"]
    lines += [f"| {one.name} | {one.promised} | {one.found} | {'kept' if one.kept else 'NOT KEPT'} |" for one in found]
    return "\n".join(lines)
