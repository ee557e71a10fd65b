"""What pydantic finds wrong in a study file -> mistakes with a line, a place, and words a researcher can act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mimicrylab.errors import suggest_nearest
from mimicrylab.protocol.settings import Settings
from mimicrylab.protocol.yaml_source import Mistake, Path, Source, join_path

Checked = TypeVar("Checked", bound=Settings)

KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list (lines that begin with '- ', or [one, two])",
    "list_type": "a list (lines that begin with '- ', or [one, two])",
    "dict_type": "named settings (name: value)",
    "model_type": "named settings (name: value)",
    "model_attributes_type": "named settings (name: value)",
    "finite_number": "a finite number",
}
LIMITS = {
    "greater_than": ("a number greater than {gt:g}", "gt"),
    "greater_than_equal": ("a number of at least {ge:g}", "ge"),
    "less_than": ("a number less than {lt:g}", "lt"),
    "less_than_equal": ("a number of at most {le:g}", "le"),
}


def explain_mistakes(
    source: Source, model: type[Checked], *, version: int
) -> tuple[Checked | None, tuple[Mistake, ...]]:
    """Check a read file against ``model`` and return the checked settings, or None, and every mistake."""
    reading = source.mistakes
    if not isinstance(source.value, dict):
        found = describe_value(source.value)
        return None, (*reading, Mistake(1, "", f"expected named settings (name: value), found {found}"))
    wrong_version = _check_version(source, version)
    if wrong_version is not None:
        return None, (*reading, wrong_version)
    try:
        checked = model.model_validate_json(json.dumps(source.value))
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not _is_echo(detail)]
        return None, (*reading, *[_explain(detail, source, model) for detail in details])
    return checked, reading


def describe_value(value: Any) -> str:
    """Return what a value is, as people say it.

    Examples
    --------
    >>> describe_value("ten"), describe_value(None), describe_value([1, 2])
    ("the text 'ten'", 'nothing', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value:g}" if isinstance(value, float) else f"the number {value}"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) <= 60 else f"the text {value[:57] + '...'!r}"
    return "a list" if isinstance(value, list | tuple) else "named settings"


def _check_version(source: Source, version: int) -> Mistake | None:
    if "version" not in source.value:
        return Mistake(1, "version", f"missing; write 'version: {version}' as the first line")
    found = source.value["version"]
    line = source.find_line(("version",))
    if isinstance(found, int) and not isinstance(found, bool):
        if found == version:
            return None
        if found > version:
            return Mistake(
                line,
                "version",
                f"this file is of version {found}, and this program reads up to {version}; "
                "upgrade the program: pip install --upgrade mimicrylab",
            )
        return Mistake(line, "version", f"there is no version {found}; the first is 1: write 'version: {version}'")
    return Mistake(line, "version", f"expected the whole number {version}, found {describe_value(found)}")


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether a list is called too short only because its entries, reported themselves, did not count."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail.get("ctx", {}).get("min_length", 1)


def _explain(detail: ErrorDetails, source: Source, model: type[Settings]) -> Mistake:
    kind = detail["type"]
    path = _keep_known(detail["loc"], source)
    line = source.find_line(path)
    if kind == "extra_forbidden":
        names = list_fields(model, path[:-1])
        hint = suggest_nearest(str(path[-1]), names)
        known = "" if hint or not names else f"; the settings here are {', '.join(names)}"
        return Mistake(line, join_path(path), f"unknown{hint}{known}")
    if kind == "missing":
        return Mistake(line, join_path(path), "missing")
    return Mistake(line, join_path(path), _word_problem(detail, _look_up(source.value, path)))


def _word_problem(detail: ErrorDetails, found: Any) -> str:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _word_choice(detail, found)
    if kind == "string_pattern_mismatch":
        return f"expected a name of letters, digits and _ . + - without spaces, found {describe_value(found)}"
    if kind in {"too_short", "string_too_short"}:
        least = context.get("min_length", 1)
        return (
            "must not be empty" if least == 1 else f"expected at least {least} entries, found {describe_value(found)}"
        )
    if kind == "string_too_long":
        return f"longer than {context.get('max_length')} characters"
    if kind in LIMITS:
        template, _ = LIMITS[kind]
        return f"expected {template.format(**context)}, found {describe_value(found)}"
    expected = KINDS.get(kind)
    if expected is None:
        return f"{detail['msg']}; found {describe_value(found)}"
    hint = ""
    if kind == "string_type" and isinstance(found, int | float):
        hint = "; put it in quotes if it is meant as a text"
    if kind == "bool_type" and isinstance(found, str) and found.lower() in {"yes", "no", "on", "off"}:
        hint = "; YAML 1.2 knows only true and false"
    if kind in {"tuple_type", "list_type"} and isinstance(found, str):
        hint = f"; write [{found}]"
    return f"expected {expected}, found {describe_value(found)}{hint}"


def _word_choice(detail: ErrorDetails, found: Any) -> str:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    choices = [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",") if part.strip()]
    hint = suggest_nearest(found, choices) if isinstance(found, str) else ""
    return f"expected one of {', '.join(choices)}, found {describe_value(found)}{hint}"


def _keep_known(location: tuple[int | str, ...], source: Source) -> Path:
    """Leave out what pydantic adds to a location (names of branches), keep a last name that is missing in the file."""
    path: Path = ()
    value = source.value
    for place, part in enumerate(location):
        if isinstance(value, Mapping) and (part in value or place == len(location) - 1):
            value = value.get(part)
            path = (*path, part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
            path = (*path, part)
    return path


def _look_up(value: Any, path: Path) -> Any:
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
    return value


def list_fields(model: type[Settings], path: Path) -> list[str]:
    """Return the names of the settings that may stand at ``path``, walking the models from ``model`` down."""
    current: Any = model
    for part in path:
        if isinstance(current, type) and issubclass(current, Settings):
            field = current.model_fields.get(str(part))
            current = _strip(field.annotation) if field is not None else None
        elif get_origin(current) in {tuple, list}:
            current = _strip(get_args(current)[0])
        elif get_origin(current) is dict:
            current = _strip(get_args(current)[1])
        else:
            current = None
    if isinstance(current, type) and issubclass(current, Settings):
        return list(current.model_fields)
    return []


def _strip(annotation: Any) -> Any:
    """Return an annotation without ``Annotated`` and ``| None``."""
    while hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    options = [option for option in get_args(annotation) if option is not type(None)]
    if type(None) in get_args(annotation) and len(options) == 1:
        return _strip(options[0])
    return annotation
