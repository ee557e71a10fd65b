"""``make bench``: run every benchmark, print one table, and write docs/benchmarks.md.

``python -m bench --quick`` runs small versions and writes nothing; ``python -m bench measures`` runs one of them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.runner import Result

MODULES = ("coding", "measures", "mixed", "plan")
"""The benchmarks, in the order of the page; each is a module of this folder."""

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
HEADER = ("what", "ours", "compared with", "its figure", "ratio", "to reach", "reached")


def describe_machine() -> str:
    """Return processor, cores, memory, system and Python; never the machine's name."""
    system = f"{platform.system()} {platform.machine()}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_read_processor()}, {os.cpu_count()} cores, {_read_memory_gb():.0f} GB; {system}; {python}"


def _read_processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _read_memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def render_rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """Return the table's cells, one tuple a result."""
    return [
        (
            result.name,
            f"{_render_figure(result.value)} {result.unit}",
            result.against,
            "" if result.against_value is None else f"{_render_figure(result.against_value)} {result.unit}",
            "" if result.ratio is None else f"{result.ratio:.2f}",
            _render_goal(result),
            {True: "yes", False: "NO", None: ""}[result.reached],
        )
        for result in results
    ]


def _render_figure(figure: float) -> str:
    """Return three digits, and thousands as thousands."""
    return f"{figure:,.0f}" if abs(figure) >= 1000 else f"{figure:.3g}"


def _render_goal(result: Result) -> str:
    unit = "x" if result.ratio is not None else result.unit
    bounds = (("at least", result.at_least), ("at most", result.at_most))
    return ", ".join(f"{word} {bound:g} {unit}".rstrip() for word, bound in bounds if bound is not None)


def render_text(results: Sequence[Result]) -> str:
    """Return the table in columns for a terminal."""
    rows = [HEADER, *render_rows(results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def render_page(results: Sequence[Result], *, machine: str, day: str) -> str:
    """Return docs/benchmarks.md."""
    rows = ["| " + " | ".join(row) + " |" for row in (HEADER, ("---",) * len(HEADER), *render_rows(results))]
    notes = [
        f"- **{result.name}{f' against {result.against}' if result.against else ''}**: {result.note}"
        for result in results
        if result.note
    ]
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench`. A figure is the median of its runs; where two things are compared, their runs",
            "alternate, and the ratio is the median of the pairs' ratios (ours / the other's). Expect other figures",
            "on another machine; the ratios travel better than the figures.",
            "",
            f"Measured on {day} on {machine}.",
            "",
            *rows,
            "",
            *(["What was measured:", "", *notes, ""] if notes else []),
        ]
    )


def main() -> int:
    """Run what was asked for; return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ({', '.join(MODULES)}); all if none is given")
    parser.add_argument("--quick", action="store_true", help="small versions; docs/benchmarks.md is not written")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(MODULES)):
        parser.error(f"unknown: {', '.join(unknown)}; choose from {', '.join(MODULES)}")
    results: list[Result] = []
    for name in options.names or MODULES:
        print(f"bench: {name} ...", file=sys.stderr, flush=True)
        results += importlib.import_module(f"bench.{name}").run(options.quick)
    machine, day = describe_machine(), datetime.now(UTC).date().isoformat()
    print(render_text(results), f"\n{machine}; {day}", sep="\n")
    if not options.quick and not options.names:
        PAGE.write_text(render_page(results, machine=machine, day=day), encoding="utf-8")
        print(f"written: {PAGE}")
    return 1 if any(result.reached is False for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
