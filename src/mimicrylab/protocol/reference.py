"""study.yaml described from its own models: the JSON Schema for editors, and the page of every setting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mimicrylab.protocol.design import Study

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def render_schema() -> str:
    """Return the JSON Schema of study.yaml as text (docs/study.schema.json)."""
    schema = {
        "$schema": SCHEMA_ID,
        **Study.model_json_schema(),
        "title": "study.yaml, version 1",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def render_reference() -> str:
    """Return the page of every setting as Markdown (docs/study-file.md)."""
    schema = Study.model_json_schema()
    groups: dict[str, Any] = {"Study": schema, **schema["$defs"]}
    order = list(_walk("Study", groups, set()))
    parts = [INTRODUCTION, "## All groups", "\n".join(f"- [{name}](#{name.lower()})" for name in order)]
    parts += [_render_group(name, groups) for name in order]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """\
# The study file, setting by setting

Rendered from the code by `make docs`. A study file is YAML 1.2: names, colons, indentation by spaces. Start from a
template (`mimicrylab new DIR --template NAME`) and look settings up here; `mimicrylab check DIR` lists every mistake
with its line. Unknown names are refused, values are taken as they are written (`"10"` is a text, `10` a number, `NO` a
word), and intervals are half-open: the stop is not included. For completion while typing, point your editor to
[study.schema.json](study.schema.json).

*Required* settings have no default.

## What is refused, and why

- **A baseline from time that is no rest.** The default compares each trial with the second before its onset. Where that
  second is rating time, hand and eyes move; where it is the stimulus before, the face still answers to that one. Use a
  longer fixation or blank, or `method: none` and a neutral block.
- **A within-person z related to a trait or a treatment.** It sets every person's mean to 0: what differs between people
  is gone before it is looked for. Within people (emotions, phases) it is allowed.
- **A threshold of presence from the neutral trials where neutral is moderator, covariate or outcome.** It makes
  everybody alike there. A fixed threshold, or one from a separate rest, does not.
- **A congruent action unit that no stimulus of that emotion shows.** Nobody could mimic it. What counts as mimicry is a
  property of the stimulus set and is declared, never chosen by what a coder happens to measure.
- **A washout block in an analysis.**
- **An analysis whose method or predictors do not fit its model,** and rows of one person taken for different people:
  they are alike, so that noise becomes significant. What each model takes stands in [analyses.md](analyses.md). With
  `as_published: true` what a published study did is run all the same, and its result is labelled.
- **A cover story without its end:** a stage of the debriefing that discloses, and a second consent after it. A probe
  after the disclosure, and a camera before the consent.
- **Videos that are kept without asking** (the consent tier `video`)."""


def _walk(name: str, groups: dict[str, Any], seen: set[str]) -> Iterator[str]:
    """Yield the groups in the order in which a reader meets them."""
    if name in seen or "properties" not in groups.get(name, {}):
        return
    seen.add(name)
    yield name
    for setting in groups[name]["properties"].values():
        for inner in _find_groups(setting):
            yield from _walk(inner, groups, seen)


def _find_groups(setting: Any) -> Iterator[str]:
    if isinstance(setting, dict):
        if "$ref" in setting:
            yield setting["$ref"].rpartition("/")[2]
        for value in setting.values():
            yield from _find_groups(value)
    elif isinstance(setting, list):
        for value in setting:
            yield from _find_groups(value)


def _render_group(name: str, groups: dict[str, Any]) -> str:
    group = groups[name]
    required = set(group.get("required", ()))
    rows = [
        f"| `{key}` | {_escape(_name_type(setting))} | {_name_default(key, setting, required)} | "
        f"{_escape(_join(setting.get('description') or _describe_group(setting, groups)))} |"
        for key, setting in group["properties"].items()
    ]
    head = "| setting | value | default | meaning |\n|---|---|---|---|"
    about = group.get("description", "").strip().replace("``", "`")
    return "\n\n".join([f"## {name}", about, "\n".join([head, *rows])])


def _describe_group(setting: dict[str, Any], groups: dict[str, Any]) -> str:
    """The first line of a group's own description, for a setting that has none."""
    name = next(_find_groups(setting), "")
    return str(groups.get(name, {}).get("description", "")).split("\n\n")[0]


def _name_type(setting: dict[str, Any]) -> str:
    if "$ref" in setting:
        name = setting["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in setting:
        return " or ".join(_name_type(option) for option in setting["anyOf"] if option.get("type") != "null")
    if "enum" in setting:
        return ", ".join(f"`{choice}`" for choice in setting["enum"])
    if "const" in setting:
        return f"`{setting['const']}`"
    kind = setting.get("type")
    if kind == "array":
        inner = setting.get("items") or (setting.get("prefixItems") or [{}])[0]
        return f"list of {_name_type(inner)}"
    if kind == "object":
        patterns = list(setting.get("patternProperties", {}).values())
        values = patterns[0] if patterns else setting.get("additionalProperties")
        return f"name: {_name_type(values)}" if isinstance(values, dict) else "name: value"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return words.get(str(kind), "value") + _name_limits(setting)


def _name_limits(setting: dict[str, Any]) -> str:
    limits = [
        f"{word} {setting[key]:g}"
        for key, word in (
            ("minimum", "at least"),
            ("exclusiveMinimum", "above"),
            ("maximum", "at most"),
            ("exclusiveMaximum", "below"),
        )
        if key in setting
    ]
    return f" ({', '.join(limits)})" if limits else ""


def _name_default(key: str, setting: dict[str, Any], required: set[str]) -> str:
    if key in required:
        return "*required*"
    default = setting.get("default")
    if default is None or default in ([], {}, ""):
        return ""
    if isinstance(default, dict):
        return "as below"
    return f"`{json.dumps(default, ensure_ascii=False)}`"


def _join(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<")
