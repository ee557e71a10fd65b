"""A stand-in for OpenFace's ``FeatureExtraction``: a real program on PATH that writes a recorded table.

OpenFace itself is not ours to ship. The stand-in takes the same arguments (-f, -out_dir, -of), copies the CSV that lies
beside it as ``recorded.csv``, notes its arguments in ``arguments.txt``, and ends with the exit code in ``exit.txt``,
if there is one.
"""

from __future__ import annotations

import sys
from pathlib import Path

PROGRAM = f"""#!{sys.executable}
import pathlib, shutil, sys
here = pathlib.Path(__file__).parent
(here / "arguments.txt").write_text("\\n".join(sys.argv[1:]))
if (here / "exit.txt").exists():
    sys.stderr.write("Could not open the input file\\n")
    sys.exit(int((here / "exit.txt").read_text()))
given = dict(zip(sys.argv[1:], sys.argv[2:]))
assert pathlib.Path(given["-f"]).is_file()
shutil.copy(here / "recorded.csv", pathlib.Path(given["-out_dir"]) / (given["-of"] + ".csv"))
"""


def install_stand_in(folder: Path, *, recorded: str) -> Path:
    """Write the stand-in and the table that it will give out into a folder; return the program."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "FeatureExtraction"
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    (folder / "recorded.csv").write_text(recorded, encoding="utf-8")
    return program
