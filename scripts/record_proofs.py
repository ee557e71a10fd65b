"""Write docs/proofs.md from what ``make test-long`` measured: every slow test, its result, its time, machine and date.

``python scripts/record_proofs.py RESULTS.xml`` reads pytest's JUnit file. A page is only written when all passed.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proofs.md"
sys.path.insert(0, str(ROOT))

from bench.__main__ import describe_machine  # noqa: E402


def render(results: Path, *, machine: str, day: str) -> str:
    """Return the page; a test that failed or was skipped is an error."""
    seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
    for case in ElementTree.parse(results).iter("testcase"):
        name = case.get("name", "").partition("[")[0]
        if any(case.find(kind) is not None for kind in ("failure", "error", "skipped")):
            sys.exit(f"error: {name} did not pass; docs/proofs.md is left as it was")
        file = Path(*case.get("classname", "").split(".")).with_suffix(".py").as_posix()
        seconds[name.removeprefix("test_").replace("_", " "), file] += float(case.get("time", 0))
    if not seconds:
        sys.exit("error: no test ran; docs/proofs.md is left as it was")
    rows = [f"| {proven} | `{file}` | {took:.0f} s |" for (proven, file), took in sorted(seconds.items())]
    return "\n".join(
        [
            "# Long proofs",
            "",
            "Tests that take minutes: `make test-long` runs them, and writes this page when all passed. The quick",
            "tests run on every change (`make test`).",
            "",
            f"All passed on {day} on {machine}.",
            "",
            "| what is proven | where | took |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/record_proofs.py RESULTS.xml")
    page = render(Path(sys.argv[1]), machine=describe_machine(), day=datetime.now(UTC).date().isoformat())
    PAGE.write_text(page, encoding="utf-8")
    print(f"written: {PAGE}")
