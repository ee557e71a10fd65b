"""Write docs/proofs.md from what ``make test-long`` measured: every slow test, its result, its time, machine and date.

``python scripts/record_proofs.py RESULTS.xml ...`` reads pytest's JUnit files (of a test in several of them, the last
one's). A page is only written when all passed. Tests that count false alarms leave their counts there
(``record_property("false_alarms", JSON)``): they make a second table.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proofs.md"
sys.path.insert(0, str(ROOT))

from bench.__main__ import describe_machine  # noqa: E402
from scipy import stats  # noqa: E402

LEVEL = 0.05
ABOUT_ALARMS = """
## False alarms where there is nothing

How often a test at alpha .05 is significant in simulated studies in which what it tests is nothing (beside it much is
something, see `tests/recovery/null_studies.py`): frames that depend on the frames before, outcomes that are mostly 0,
four stimulus models, two arms filmed at 30 and at 15 frames/s. The interval is that of the simulation (95 %,
Clopper-Pearson). "holds": the share cannot be told from .05 (or is below it, where the test is known to be careful);
"does not hold": what not to do, and what MimicryLab refuses, warns of or does only as published.
"""
WORDS = {"level": "holds", "at most": "holds", "more": "**does not hold**", "reported": "see the share"}


def render(*results: Path, machine: str, day: str) -> str:
    """Return the page; a test that failed or was skipped is an error."""
    cases = {
        (case.get("classname"), case.get("name")): case
        for file in results
        for case in ElementTree.parse(file).iter("testcase")
    }
    seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
    for case in cases.values():
        name = case.get("name", "").partition("[")[0]
        if any(case.find(kind) is not None for kind in ("failure", "error", "skipped")):
            sys.exit(f"error: {name} did not pass; docs/proofs.md is left as it was")
        file = Path(*case.get("classname", "").split(".")).with_suffix(".py").as_posix()
        seconds[name.removeprefix("test_").replace("_", " "), file] += float(case.get("time", 0))
    if not seconds:
        sys.exit("error: no test ran; docs/proofs.md is left as it was")
    alarms = [
        _render_alarms(json.loads(found.get("value", "")))
        for case in cases.values()
        for found in case.iter("property")
        if found.get("name") == "false_alarms"
    ]
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
            *(
                [ABOUT_ALARMS, "| test | data | studies | false alarms | verdict |", "|---|---|---|---|---|"]
                if alarms
                else []
            ),
            *alarms,
            "",
        ]
    )


def _render_alarms(row: dict[str, Any]) -> str:
    interval = stats.binomtest(row["count"], row["runs"], LEVEL).proportion_ci()
    share = f"{row['count'] / row['runs']:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
    return f"| {row['test']} | {row['situation']} | {row['runs']:,} | {share} | {WORDS[row['expected']]} |"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python scripts/record_proofs.py RESULTS.xml ...")
    page = render(*map(Path, sys.argv[1:]), machine=describe_machine(), day=datetime.now(UTC).date().isoformat())
    PAGE.write_text(page, encoding="utf-8")
    print(f"written: {PAGE}")
