"""``make pictures``: the pictures of README and the manual, made from simulated people. Needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = ("--headless", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars", "--no-sandbox")
"""No sandbox: the only page that is opened is our own file, and containers have none to offer."""


def find_browser() -> str:
    """Return the first browser that is installed, or stop with what to install."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    sys.exit("make pictures needs Chromium (Debian and Ubuntu: apt install chromium)")


def take_picture(browser: str, page: Path, picture: Path, *, width: int, height: int, place: str = "") -> None:
    """Write a picture of a page, ``width`` x ``height`` CSS pixels, from the element with the id ``place`` on."""
    address = page.resolve().as_uri() + (f"#{place}" if place else "")
    command = [browser, *QUIET, f"--window-size={width},{height}", f"--screenshot={picture.resolve()}", address]
    subprocess.run(command, check=True, capture_output=True)


def make_study(folder: Path) -> Path:
    """Simulate a study of 60 people, measure it, and return its report."""
    command = [sys.executable, "-m", "mimicrylab"]
    options = ["--template", "empathy", "--participants", "60", "--seed", "1", "--out", str(folder)]
    subprocess.run([*command, "simulate", *options], check=True)
    subprocess.run([*command, "run", str(folder)], check=True)
    return folder / "report" / "report.html"


def main() -> None:
    """Write every picture."""
    browser = find_browser()
    with tempfile.TemporaryDirectory() as folder:
        report = make_study(Path(folder) / "simulated")
        take_picture(browser, report, HERE / "report.png", width=1280, height=1500)
        take_picture(browser, report, HERE / "report-movement.png", width=1280, height=1200, place="time-courses")
        take_picture(browser, report, HERE / "report-mimicry.png", width=1280, height=1400, place="mimicry")
    print("\n".join(str(path.relative_to(HERE.parent.parent)) for path in sorted(HERE.glob("*.png"))))


if __name__ == "__main__":
    main()
