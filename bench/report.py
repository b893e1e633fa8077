"""The figures of a run as a table, and whether they keep what was promised."""

from bench.load import Phase

MEGABYTE = 1_000_000
HEAD = ("", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "x bare", "queries", "bytes")


def table(phases: list[Phase]) -> str:
    """A Markdown table: one line for each kind of request."""
    bare = phases[0].cpu_ms
    lines = ["| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    for phase in phases:
        times = [f"{phase.percentile(part):.1f}" for part in (0.5, 0.95, 0.99)]
        rate, cpu = f"{len(phase.times) / phase.seconds:.0f}", phase.cpu_ms
        cells = [phase.name, rate, *times, f"{cpu:.2f}", f"{cpu / bare:.1f}", f"{phase.queries:.1f}", str(phase.size)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
