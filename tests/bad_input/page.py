"""docs/bad-input.md, rendered from the tables of cases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bad_input.case import Case

PAGE = Path(__file__).parents[2] / "docs" / "bad-input.md"

INTRODUCTION = """\
# What the command says to bad input

Every entry below is run by `tests/bad_input/` with the real command, in a folder of its own: the message and the exit
code are compared exactly, no traceback may appear, and no file that was there may change. This page is written from the
same tables (`cd tests && python -m bad_input`), so it cannot say anything else than the command does.

Exit codes: 0 done as asked; 1 something could not be done, the message says what; 2 the command line is wrong.
`[...]` stands for text that differs from machine to machine.
"""


def render_page(tables: Mapping[str, tuple[Case, ...]]) -> str:
    """Return the whole page as Markdown."""
    sections = [INTRODUCTION]
    for verb, cases in tables.items():
        sections.append(f"## {verb}\n")
        sections.extend(_render_case(case) for case in cases)
    return "\n".join(sections)


def _render_case(case: Case) -> str:
    return (
        f"**{case.given}** Exit code {case.exit_code}.\n\n```text\n$ mimicrylab {case.command}\n{case.expected}\n```\n"
    )
