"""YAML text -> plain values and the line of each of them, or every mistake in it that can be found at once.

YAML 1.2: ``NO`` stays a word and ``10:30`` a text. Dates stay texts. Custom tags, keys given twice, and tabs in the
indentation are mistakes, each with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
"""Where a value stands: names of mappings and 0-based places in lists, from the top."""

TAG = "tag:yaml.org,2002:"
MAXIMUM_VALUES = 200_000
"""More values than any study needs; a file of aliases to aliases would grow without end."""

WORDINGS = {
    "found character '\\t' that cannot start any token": "a tab stands where YAML needs spaces; "
    "replace it by spaces (two for each level)",
    "mapping values are not allowed here": "a second ': ' in one line; put the text after the first colon in quotes",
    "found character '@' that cannot start any token": "a text that begins with '@' must stand in quotes",
    "found character '`' that cannot start any token": "a text that begins with '`' must stand in quotes",
    "found character '%' that cannot start any token": "a text that begins with '%' must stand in quotes",
    "found unexpected end of stream": "a quote is opened and never closed",
    "but found another document": "'---' begins a second document; a study file has one",
}
"""YAML's own words -> what a researcher can act on."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in a study file: its line (1-based), where it stands, and what is wrong with it."""

    line: int
    place: str
    message: str

    def describe(self, file_name: str) -> str:
        """Return ``study.yaml:17: blocks.0.duraton_s: unknown ...``."""
        return ": ".join(part for part in (f"{file_name}:{self.line}", self.place, self.message) if part)


@dataclass(frozen=True)
class Source:
    """A read YAML file: its value, the line of every key and value, and the mistakes met while reading.

    ``value`` is None when the text could not be read at all. ``numbers`` are the numbers as written (``.050``).
    """

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    numbers: dict[Path, str] = field(default_factory=dict)

    def find_line(self, path: Path) -> int:
        """Return the line of ``path``, or of the nearest thing around it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Source:
    r"""Read YAML text.

    Examples
    --------
    >>> read_yaml("blocks:\n  - name: faces\n").find_line(("blocks", 0, "name"))
    2
    >>> read_yaml("a: 1\na: 2\n").mistakes
    (Mistake(line=2, place='a', message='given twice (first in line 1)'),)
    """
    loader = YAML(typ="safe", pure=True)
    try:
        node = loader.compose(text.removeprefix("\ufeff"))
        if node is None:
            return Source(None, mistakes=(Mistake(1, "", "the file is empty"),))
        reading = _Reading()
        value = reading.convert(node, ())
    except MarkedYAMLError as error:
        return Source(None, mistakes=(_explain(error),))
    except YAMLError as error:
        return Source(None, mistakes=(Mistake(1, "", f"not YAML: {str(error).splitlines()[0]}"),))
    except RecursionError:
        return Source(None, mistakes=(Mistake(1, "", "lists or mappings are nested too deeply"),))
    return Source(value, reading.lines, tuple(reading.mistakes), reading.numbers)


def join_path(path: Path) -> str:
    """Return a path as people read it: ``blocks.0.duration_s``."""
    return ".".join(str(part) for part in path)


def _explain(error: MarkedYAMLError) -> Mistake:
    problem = str(error.problem or error.context or "cannot be read")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    if "undefined alias" in problem:
        return Mistake(line, "", f"{problem}; a text that begins with '*' must stand in quotes")
    if problem in WORDINGS:
        return Mistake(line, "", WORDINGS[problem])
    context = f" {error.context}" if error.context else ""
    start = error.context_mark
    begun = f" that begins in line {start.line + 1}" if start is not None and context else ""
    return Mistake(line, "", f"not YAML{context}{begun}: {problem}")


@dataclass
class _Reading:
    """Values, lines and mistakes gathered on one walk through the nodes."""

    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    open_nodes: list[int] = field(default_factory=list)
    numbers: dict[Path, str] = field(default_factory=dict)

    def convert(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(self.lines) > MAXIMUM_VALUES:
            raise RecursionError
        if id(node) in self.open_nodes:
            self._add(node, path, "contains itself")
            return None
        self.open_nodes.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return dict(self._convert_items(node, path))
            if isinstance(node, SequenceNode):
                return [self.convert(item, (*path, place)) for place, item in enumerate(node.value)]
            return self._convert_scalar(node, path)
        finally:
            self.open_nodes.pop()

    def _convert_items(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._add(key_node, path, "a name must be a text, not a list or mapping (are braces missing quotes?)")
                continue
            key = str(key_node.value)
            if key in seen:
                self._add(key_node, (*path, key), f"given twice (first in line {seen[key]})")
                continue
            seen[key] = line
            self.lines[(*path, key)] = line
            yield key, self.convert(value_node, (*path, key))

    def _convert_scalar(self, node: Node, path: Path) -> Any:
        text = str(node.value)
        kind = str(node.tag).removeprefix(TAG)
        if kind in {"str", "timestamp"}:
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in {"int", "float"}:
            self.numbers[path] = text
        try:
            if kind == "int":
                return _read_integer(text)
            if kind == "float":
                return float(text.replace("_", "").replace(".inf", "inf").replace(".Inf", "inf").replace(".nan", "nan"))
        except ValueError:
            self._add(node, path, f"{text!r} is not a number")
            return None
        self._add(node, path, f"the tag {node.tag!s} is not used in study files; put the text in quotes")
        return None

    def _add(self, node: Node, path: Path, message: str) -> None:
        self.mistakes.append(Mistake(node.start_mark.line + 1, join_path(path), message))


def _read_integer(text: str) -> int:
    digits = text.replace("_", "")
    unsigned = digits.lstrip("+-")
    if unsigned[:2].lower() in {"0x", "0o", "0b"}:
        return int(digits, 0)
    return int(digits, 10)
