"""Files of printed results, YAML or CSV -> a ``Paper``. Numbers keep their digits: .050 is not .05."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_origin

from mimicrylab.errors import InputError, MissingError, UnknownNameError, suggest_nearest
from mimicrylab.protocol.mistakes import explain_mistakes
from mimicrylab.protocol.settings import Settings
from mimicrylab.protocol.yaml_source import Path as Place
from mimicrylab.protocol.yaml_source import Source, read_yaml
from mimicrylab.readers.text_table import TextTable, raise_mistakes, read_text_table
from mimicrylab.stats.recheck.paper import KINDS, Paper

VERSION = 1
KEPT = frozenset({"version"})
"""Settings that are numbers of the format, not of the paper."""

LIST_MARK = ";"
EXAMPLES = ("kovalchuk-2022", "pavarini-2019")
"""Papers whose printed results come with MimicryLab."""


def read_paper(path: Path) -> Paper:
    """Return the printed results in a file: YAML, or a table with the columns ``kind`` and the fields of that kind.

    Raises
    ------
    MissingError
        There is no such file.
    InputError
        It has mistakes; all of them are listed with their lines.
    """
    if not path.is_file():
        raise MissingError(
            "there is no such file of printed results", where=str(path), do="docs/recheck.md shows one; --example too"
        )
    if path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        return _check(_gather_rows(read_text_table(path), path), path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the file is not in UTF-8", where=path.name, do="save it as UTF-8 in the editor") from error
    return parse_paper(text, where=path.name)


def parse_paper(text: str, *, where: str) -> Paper:
    """Return the printed results of a YAML text.

    Raises
    ------
    InputError
        It has mistakes; all of them are listed with their lines.
    """
    source = read_yaml(text)
    kept = {place: written for place, written in source.numbers.items() if place[:1] not in {(name,) for name in KEPT}}
    return _check(Source(_restore(source.value, kept), source.lines, source.mistakes), where)


def read_example(name: str) -> str:
    """Return the text of a paper's printed results that come with MimicryLab.

    Raises
    ------
    UnknownNameError
        There is none of that name.
    """
    if name not in EXAMPLES:
        raise UnknownNameError("example", name, EXAMPLES)
    return (files("mimicrylab.stats.recheck") / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


def _restore(value: Any, numbers: Mapping[Place, str], place: Place = ()) -> Any:
    """Return a value with its numbers as they were written."""
    if place in numbers:
        return numbers[place]
    if isinstance(value, dict):
        return {name: _restore(each, numbers, (*place, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_restore(each, numbers, (*place, index)) for index, each in enumerate(value)]
    return value


def _check(source: Source, where: str) -> Paper:
    if source.value is None and source.mistakes:
        raise_mistakes(where, [mistake.describe(where) for mistake in source.mistakes])
    paper, mistakes = explain_mistakes(source, Paper, version=VERSION)
    if paper is None or mistakes:
        raise_mistakes(where, [mistake.describe(where) for mistake in sorted(set(mistakes))])
        raise InputError("the file cannot be read", where=where)
    return paper


def _gather_rows(table: TextTable, path: Path) -> Source:
    """Return a table's rows as lists of entries, with the line of each."""
    if "kind" not in table.columns:
        raise InputError(
            f"the column 'kind' is missing{suggest_nearest('kind', table.columns)}",
            where=f"{path.name}:1",
            expected=f"a row a printed result, with its kind: {', '.join(KINDS)}",
        )
    value: dict[str, Any] = {"version": VERSION, "title": path.stem}
    lines: dict[Place, int] = {}
    mistakes = []
    for row in table.rows:
        kind = row.cells["kind"]
        if kind not in KINDS:
            hint = suggest_nearest(kind or "", KINDS)
            mistakes.append(f"{path.name}:{row.line}: unknown kind {kind!r}{hint}; the kinds are {', '.join(KINDS)}")
            continue
        entries = value.setdefault(kind, [])
        place: Place = (kind, len(entries))
        lines[place] = row.line
        cells = {name: cell for name, cell in row.cells.items() if cell is not None and name != "kind"}
        entries.append({name: _split(kind, name, cell) for name, cell in cells.items()})
        lines.update({(*place, name): row.line for name in cells})
    raise_mistakes(path.name, mistakes)
    return Source(value, lines)


def _split(kind: str, name: str, cell: str) -> Any:
    """Return a cell as its field wants it: a list where the field is one."""
    (model,) = [each for each in get_args(Paper.model_fields[kind].annotation) if each is not Ellipsis]
    field = model.model_fields.get(name) if issubclass(model, Settings) else None
    annotation = field.annotation if field is not None else None
    if get_origin(annotation) is tuple:
        return [part.strip() for part in cell.split(LIST_MARK) if part.strip()]
    return cell
