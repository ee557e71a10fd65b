"""docs/proofs.md is written from what ran, and only when all of it passed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contract.pages import ROOT

SCRIPT = ROOT / "scripts" / "record_proofs.py"
PASSED = '<testcase classname="tests.contract.test_proofs" name="test_x_of_many[1]" time="61.2"/>'
FAILED = '<testcase classname="tests.contract.test_proofs" name="test_y" time="1"><failure/></testcase>'
RENDER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from record_proofs import render
print(render(*map(Path, sys.argv[2:]), machine="a processor", day="2026-01-01"))
"""


def render(*results: Path) -> subprocess.CompletedProcess[str]:
    """Render the page from results files in a process of its own."""
    command = [sys.executable, "-c", RENDER, str(SCRIPT.parent), *map(str, results)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_page_names_what_was_proven_how_long_it_took_and_where(tmp_path: Path) -> None:
    (tmp_path / "results.xml").write_text(f"<testsuites><testsuite>{PASSED}</testsuite></testsuites>")
    page = render(tmp_path / "results.xml").stdout
    assert "All passed on 2026-01-01 on a processor." in page
    assert "| x of many | `tests/contract/test_proofs.py` | 61 s |" in page


def test_counts_of_false_alarms_stand_in_a_table_with_their_interval(tmp_path: Path) -> None:
    row = {"test": "a t test", "situation": "rows", "count": 110, "runs": 2000, "expected": "level"}
    counted = PASSED.replace(
        "/>", f"><properties><property name='false_alarms' value='{json.dumps(row)}'/></properties></testcase>"
    )
    (tmp_path / "results.xml").write_text(f"<testsuites><testsuite>{counted}</testsuite></testsuites>")
    page = render(tmp_path / "results.xml").stdout
    assert "| a t test | rows | 2,000 | 0.055 [0.045, 0.066] | holds |" in page


def test_a_test_that_was_run_again_counts_as_it_was_the_last_time(tmp_path: Path) -> None:
    for name, case in (("first", FAILED), ("second", FAILED.replace("<failure/>", ""))):
        (tmp_path / f"{name}.xml").write_text(f"<testsuites><testsuite>{case}</testsuite></testsuites>")
    page = render(tmp_path / "first.xml", tmp_path / "second.xml").stdout
    assert "| y | `tests/contract/test_proofs.py` | 1 s |" in page


@pytest.mark.parametrize("cases", [PASSED + FAILED, ""], ids=["failed", "none"])
def test_no_page_is_written_unless_all_passed(tmp_path: Path, cases: str) -> None:
    (tmp_path / "results.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    done = render(tmp_path / "results.xml")
    assert done.returncode == 1
    assert "docs/proofs.md is left as it was" in done.stderr
