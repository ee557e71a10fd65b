"""Docstrings: their examples run, and they say what the signature does not."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import mimicrylab
from mimicrylab import errors

PACKAGE = Path(mimicrylab.__file__).parent
SECTIONS = ("Parameters", "Returns", "Yields", "Raises", "Warns", "Notes", "References", "Examples", "See Also")
OUR_ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}
OUR_ERRORS -= {"MimicryLabError", "UnknownNameError"}
"""Those that a docstring must mention; that an unknown name is refused needs no saying."""

MODULES = sorted(info.name for info in pkgutil.walk_packages(mimicrylab.__path__, "mimicrylab."))
SOURCES = sorted(PACKAGE.rglob("*.py"))


def has_examples(name: str) -> bool:
    spec = importlib.util.find_spec(name)
    return bool(spec and spec.origin and ">>>" in Path(spec.origin).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in MODULES if has_examples(name)])
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert tried > 0
    assert failed == 0, "the failure is printed above"


def list_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield the module's public functions and its public classes' public methods."""
    for node in tree.body:
        holders = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for inner in holders:
            if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                yield inner


def split_sections(docstring: str) -> dict[str, str]:
    """Return the numpydoc sections by title."""
    parts = re.split(r"^([A-Z][A-Za-z ]+)\n-{3,}\n", inspect.cleandoc(docstring), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def list_raised(function: ast.FunctionDef) -> set[str]:
    """Return the names of our errors that the function's own body raises."""
    raised = [node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc is not None]
    names = {ast.unparse(error.func if isinstance(error, ast.Call) else error) for error in raised}
    return {name.rpartition(".")[2] for name in names} & OUR_ERRORS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_docstrings_have_the_sections_they_need(path: Path) -> None:
    problems = []
    for function in list_functions(ast.parse(path.read_text(encoding="utf-8"))):
        docstring = ast.get_docstring(function) or ""
        sections = split_sections(docstring)
        place = f"{function.name} (line {function.lineno})"
        if not docstring:
            problems.append(f"{place}: no docstring")
        problems += [f"{place}: no numpydoc section {title!r}" for title in set(sections) - set(SECTIONS)]
        if "cli" not in path.parts:
            unsaid = {error for error in list_raised(function) if error not in docstring}
            problems += [f"{place}: raises {error} and does not say so" for error in sorted(unsaid)]
        described = re.findall(r"^(\S[^\n]*)\n(?: {4}|\t)", sections.get("Parameters", ""), flags=re.MULTILINE)
        arguments = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        for line in described:
            names = [name.strip(" *") for name in line.split(",")]
            problems += [
                f"{place}: describes {name!r}, no parameter (types belong in the signature)"
                for name in names
                if name not in arguments
            ]
    assert not problems, "\n".join(problems)


def test_the_modules_were_found() -> None:
    assert isinstance(importlib.import_module("mimicrylab.tables"), ModuleType)
    assert {"mimicrylab.tables", "mimicrylab.cli.main"} <= set(MODULES)
