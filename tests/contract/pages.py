"""The pages of the manual that are rendered from the code: every table, every command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer.main

from mimicrylab.cli.main import app
from mimicrylab.coding.action_units import list_action_units
from mimicrylab.measures.measure import MEASURES_GROUP, TrialMeasure
from mimicrylab.protocol.reference import render_reference, render_schema
from mimicrylab.quality.frames import CAUSES
from mimicrylab.readers.reader import READERS_GROUP
from mimicrylab.registry import list_registered, load_registered
from mimicrylab.schemas import TABLES, Column, Table
from validation_page import render_validation

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
STATED_ELSEWHERE = {
    "frames": ("frames_per_second",),
    "events": ("columns", "emotions", "offset_s", "time_unit"),
    "participants": ("columns",),
}
"""Options of readers, by level, that have an option of the command: --fps, --column, --emotion, --offset-s ..."""
MANY_OPTIONS = 10
"""Commands with the same arguments and options, and at least so many, share one table in docs/cli.md."""


def list_commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name (``mimicrylab assets list``), groups before what they hold."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield name, command
        for word, inner in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {word}", inner)

    return walk("mimicrylab", typer.main.get_command(app))


def render_commands() -> str:
    """Return docs/cli.md."""
    parts = [
        "# Commands",
        "Every command, as `--help` shows it. Exit codes: 0 done as asked; 1 something could not be done (the message "
        "says what); 2 the command line is wrong; 130 interrupted. Rendered from the code by `make docs`.",
    ]
    described: dict[str, str] = {}
    for name, command in list_commands():
        parts.append(f"## `{name}`")
        parts += [" ".join(paragraph.split()) for paragraph in (command.help or "").split("\n\n")]
        inner = getattr(command, "commands", None)
        if inner:
            parts.append("\n".join(f"- [`{name} {word}`](#{name.replace(' ', '-')}-{word})" for word in inner))
        rows = [_render_parameter(parameter) for parameter in command.params if not _is_help(parameter)]
        if len(rows) >= MANY_OPTIONS and (twin := described.setdefault("\n".join(rows), name)) != name:
            parts.append(f"Arguments and options are those of [`{twin}`](#{twin.replace(' ', '-')}).")
        elif rows:
            parts.append("\n".join(["| argument or option | meaning | default |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def name_argument(parameter: Any) -> str:
    """Return what `--help` calls a positional argument."""
    return str(parameter.metavar or parameter.name.upper())


def _is_help(parameter: Any) -> bool:
    return "--help" in parameter.opts


def _render_parameter(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        names = f"`{name_argument(parameter)}{'...' if parameter.nargs != 1 else ''}`"
    else:
        names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
    return f"| {names} | {_escape(parameter.help or '')} | {_render_default(parameter)} |"


def _render_default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value is False or value == [] or value == () or callable(value):
        return ""
    return f"`{getattr(value, 'value', value)}`"


def render_tables() -> str:
    """Return docs/tables.md."""
    parts = [
        "# Tables",
        "Every table that MimicryLab writes, declared in `mimicrylab.schemas`; a file that disagrees is refused. Times "
        "are in seconds; intervals are half-open `[start, stop)`; **a missing face is null, never 0**. An empty cell "
        "under *null means* says that the column is never null. Rendered from the code by `make docs`.",
        "\n".join(f"- [{table.name}](#{table.name}): {table.row}" for table in TABLES.values()),
        *(_render_table(table) for table in TABLES.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _render_table(table: Table) -> str:
    rows = [
        f"## {table.name}",
        "",
        f"One row is {table.row}; identified by {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | unit | values | meaning | null means |",
        "|---|---|---|---|---|---|",
        *(_render_column(column) for column in table.columns),
    ]
    if table.open_ended:
        rows += ["", f"Further columns: {table.extra}."]
    return "\n".join(rows)


def _render_column(column: Column) -> str:
    cells = (f"`{column.name}`", str(column.dtype), column.unit, _render_values(column), column.meaning, column.null)
    return f"| {' | '.join(_escape(cell) for cell in cells)} |"


def _render_values(column: Column) -> str:
    if column.choices:
        return ", ".join(column.choices)
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if low is not None:
        return f"at least {low:g}"
    return "" if high is None else f"at most {high:g}"


def render_action_units() -> str:
    """Return docs/action-units.md."""
    rows = [
        f"| `{unit.name}` | {unit.standing} | {_escape(unit.meaning)} | {_escape(unit.formula)} | {unit.unit} |"
        for unit in list_action_units()
    ]
    parts = [
        "# Action units of the coder `landmarker`",
        "What each signal is computed from and how far it can be trusted; what the words mean, and why, stands in "
        "[face-coding.md](face-coding.md). L and R are the person's own left and right. Numbers in brackets are points "
        "of MediaPipe's face mesh; `bs_` are its blendshapes. The units are those of the FACS manual (Ekman, Friesen & "
        "Hager, 2002). Rendered from the code by `make docs`.",
        "\n".join(["| signal | standing | meaning | computed from | unit |", "|---|---|---|---|---|", *rows]),
    ]
    return "\n\n".join(parts) + "\n"


def render_measures() -> str:
    """Return docs/measures.md with its list of measures anew."""
    measures = [load_registered(MEASURES_GROUP, part.name) for part in list_registered(MEASURES_GROUP)]
    rows = [
        f"| `{measure.name}` | {'trial' if isinstance(measure, TrialMeasure) else 'person'} "
        f"| {_escape(measure.summary)} | {', '.join(f'`{name}`' for name in sorted(measure.parameters))} "
        f"| {_escape(measure.reference)} |"
        for measure in measures
    ]
    table = ["| measure | one number a | what it is | settings of its own | after |", "|---|---|---|---|---|", *rows]
    return _replace_section(DOCS / "measures.md", "measures", "\n".join(table))


def render_import() -> str:
    """Return docs/import.md with its list of readers anew."""
    rows = []
    for part in list_registered(READERS_GROUP):
        reader = load_registered(READERS_GROUP, part.name)
        each = reader().description
        options = ", ".join(
            f"`{field.name}`" for field in fields(reader) if field.name not in STATED_ELSEWHERE[each.level]
        )
        cells = (f"`{each.name}`", _escape(each.program), _escape(each.summary), each.level, each.proven_on, options)
        rows.append(f"| {' | '.join(cells)} |")
    table = ["| PROGRAM | program | files | become | proven on | options |", "|---|---|---|---|---|---|", *rows]
    return _replace_section(DOCS / "import.md", "readers", "\n".join(table))


def render_quality() -> str:
    """Return docs/quality.md with its list of causes anew."""
    rows = [
        f"| `{cause.name}` | {cause.meaning} | {', '.join(f'`{column}`' for column in cause.columns)} |"
        for cause in CAUSES
    ]
    table = ["| cause | meaning | judged by |", "|---|---|---|", *rows]
    return _replace_section(DOCS / "quality.md", "causes", "\n".join(table))


def _replace_section(path: Path, name: str, content: str) -> str:
    """Return a page whose section between ``<!-- name: ... -->`` and ``<!-- end -->`` is ``content``."""
    head, mark, rest = path.read_text(encoding="utf-8").partition(f"<!-- {name}: rendered by make docs -->\n")
    _, end, tail = rest.partition("<!-- end -->")
    if not (mark and end):
        raise ValueError(f"{path.name} has no section {name!r}")
    return f"{head}{mark}\n{content}\n\n{end}{tail}"


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<")


PAGES: Mapping[Path, Callable[[], str]] = {
    DOCS / "cli.md": render_commands,
    DOCS / "tables.md": render_tables,
    DOCS / "action-units.md": render_action_units,
    DOCS / "measures.md": render_measures,
    DOCS / "import.md": render_import,
    DOCS / "quality.md": render_quality,
    DOCS / "study-file.md": render_reference,
    DOCS / "study.schema.json": render_schema,
    DOCS / "validation.md": render_validation,
}
"""Each page and what renders it."""
