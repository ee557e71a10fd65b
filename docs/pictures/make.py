"""``make pictures``: the pictures of README and the manual, made from simulated people. Needs Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = ("--headless", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars", "--no-sandbox")
"""No sandbox: the only page that is opened is our own file, and containers have none to offer."""

MULTIVERSE = """
  - id: happiness_and_eq
    hypothesis: H2
    standing: exploratory
    model: correlation
    outcome: {measure: congruence, signals: [congruent], emotions: [happiness]}
    predictors: [{name: EQ-60.total, kind: trait}]
multiverse:
  - analysis: happiness_and_eq
    windows: [first_two_seconds]
    baselines: [{method: none}, {method: difference, start_s: -0.5}]
    neutral: [without]
    maximum_grades: [1, 2]
    minimum_valid: [0.6]
    direction: positive
"""
"""The end of the simulated study's plan: one analysis more, and its multiverse."""


def find_browser() -> str:
    """Return the first browser that is installed, or stop with what to install."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    sys.exit("make pictures needs Chromium (Debian and Ubuntu: apt install chromium)")


def take_picture(browser: str, page: Path, picture: Path, *, width: int, height: int) -> None:
    """Write a picture of the top of a page, ``width`` x ``height`` CSS pixels."""
    size, target = f"--window-size={width},{height}", f"--screenshot={picture.resolve()}"
    subprocess.run([browser, *QUIET, size, target, page.resolve().as_uri()], check=True, capture_output=True)


def cut_section(report: Path, anchor: str) -> Path:
    """Write a copy of the report with one section alone, beside it, and return its path."""
    html = report.read_text(encoding="utf-8")
    sections = re.findall(r"<section id=.*?</section>\n", html, flags=re.DOTALL)
    for section in sections:
        if not section.startswith(f'<section id="{anchor}"'):
            html = html.replace(section, "")
    html = re.sub(r"<header.*?</header>", "", html, flags=re.DOTALL)
    page = report.with_name(f"{anchor}.html")
    page.write_text(html, encoding="utf-8")
    return page


def make_study(folder: Path) -> Path:
    """Simulate a study of 60 people, measure it, and return its report."""
    command = [sys.executable, "-m", "mimicrylab"]
    options = ["--template", "empathy", "--participants", "60", "--seed", "1", "--out", str(folder)]
    subprocess.run([*command, "simulate", *options], check=True)
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(MULTIVERSE)
    subprocess.run([*command, "run", str(folder)], check=True)
    subprocess.run([*command, "analyse", str(folder), "--multiverse", "--only", "happiness_and_eq"], check=True)
    subprocess.run([*command, "report", str(folder)], check=True)
    return folder / "report" / "report.html"


def main() -> None:
    """Write every picture."""
    browser = find_browser()
    with tempfile.TemporaryDirectory() as folder:
        report = make_study(Path(folder) / "simulated")
        take_picture(browser, report, HERE / "report.png", width=1280, height=1500)
        movement, mimicry = (cut_section(report, anchor) for anchor in ("time-courses", "mimicry"))
        take_picture(browser, movement, HERE / "report-movement.png", width=1280, height=1250)
        take_picture(browser, mimicry, HERE / "report-mimicry.png", width=1280, height=1400)
        multiverse = cut_section(report, "multiverse")
        take_picture(browser, multiverse, HERE / "multiverse.png", width=1280, height=1280)
    print("\n".join(str(path.relative_to(HERE.parent.parent)) for path in sorted(HERE.glob("*.png"))))


if __name__ == "__main__":
    main()
