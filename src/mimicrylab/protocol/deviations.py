"""What a study does otherwise than its frozen plan: setting by setting, what it was and what it is, in words.

Analyses, measures, blocks and whatever else has a name are compared by name, so that an analysis put in the middle is
one deviation and not a shift of all behind it. A setting that the frozen plan does not know, because MimicryLab has
learnt it since, is a deviation only where it is not at its default.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic_core import PydanticUndefined

from mimicrylab.protocol.design import Study
from mimicrylab.protocol.frozen_plan import NOT_PLANNED, FrozenPlan
from mimicrylab.protocol.settings import Settings

Part = Literal["analysis plan", "measurement", "quality and exclusions", "sample", "treatment", "procedure", "words"]
"""Which part of a study a deviation is about, the weightiest first."""

PARTS: tuple[Part, ...] = get_args(Part)

PART_OF: Mapping[str, Part] = {
    "hypotheses": "analysis plan",
    "analyses": "analysis plan",
    "multiverse": "analysis plan",
    "windows": "measurement",
    "baseline": "measurement",
    "measures": "measurement",
    "coding": "measurement",
    "congruent": "measurement",
    "scales": "measurement",
    "quality": "quality and exclusions",
    "eligibility": "quality and exclusions",
    "participants": "sample",
    "assignment": "treatment",
    "title": "words",
    "summary": "words",
    "languages": "words",
    "version": "words",
}
"""First name of a setting's path -> part; all others are procedure."""

UNORDERED = frozenset({"analyses", "measures", "hypotheses", "windows"})
"""Lists whose order means nothing."""

TOLD = frozenset({"standing"})
"""Settings that are told of a new or lost entry even at their default."""

NOT_THERE = "not in the plan"
LONGEST = 160
HASH_SHOWN = 12


@dataclass(frozen=True)
class Deviation:
    """One thing that is otherwise than frozen.

    Parameters
    ----------
    part
        Part of the study.
    place
        Where it stands, as people read it: ``analyses.eq_by_gender.alpha``.
    was, now
        What was frozen and what is there now, in words.
    meaning
        What the setting is, from its documentation; empty where it is whole (an analysis).
    """

    part: Part
    place: str
    was: str
    now: str
    meaning: str = ""

    @property
    def words(self) -> str:
        """The deviation in one sentence: ``analyses.eq_by_gender.alpha (level of significance): was 0.01, is 0.05``."""
        about = f" ({self.meaning})" if self.meaning else ""
        return f"{self.place}{about}: was {self.was}, is {self.now}"


def find_deviations(
    frozen: FrozenPlan, study: Study, *, materials: Mapping[str, Any] | None = None
) -> tuple[Deviation, ...]:
    """Return every deviation of ``study`` from its frozen plan, the weightiest parts first.

    Parameters
    ----------
    frozen
        The frozen plan.
    study
        The study as study.yaml says it now.
    materials
        What study.yaml refers to now (``materials`` of ``collect_plan``); None: only settings are compared.
    """
    now: dict[str, Any] = {"study": study.model_dump(mode="json")}
    if materials is not None:
        now["materials"] = materials
    return compare_plans(frozen.plan, now)


def compare_plans(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Deviation, ...]:
    """Return every difference between two canonical plans; materials are compared where both have them."""
    settings = [
        found
        for name in dict.fromkeys((*was["study"], *now["study"]))
        if name not in NOT_PLANNED
        for found in _compare(
            was["study"].get(name, PydanticUndefined), now["study"].get(name, PydanticUndefined), (name,)
        )
    ]
    materials = (
        list(_compare_materials(was.get("materials", {}), now.get("materials", {}))) if now.keys() > {"study"} else []
    )
    found = [Deviation(_find_part(path), ".".join(path), before, after, _find_meaning(path)) for
             path, before, after in (*settings, *materials)]  # fmt: skip
    return tuple(sorted(found, key=lambda deviation: PARTS.index(deviation.part)))


Found = tuple[tuple[str, ...], str, str]
"""Path, what was, what is."""


def _compare(was: Any, now: Any, path: tuple[str, ...]) -> Iterator[Found]:
    if was == now:
        return
    if was is PydanticUndefined:
        if now != _find_default(path):
            yield path, "a setting that the frozen plan did not have", describe_setting(now)
    elif now is PydanticUndefined:
        yield path, describe_setting(was), "a setting that this version of MimicryLab does not have"
    elif isinstance(was, Mapping) and isinstance(now, Mapping):
        yield from _compare_named(was, now, path)
    elif _is_of_groups(was) and _is_of_groups(now):
        yield from _compare_lists(was, now, path)
    else:
        yield path, describe_setting(was), describe_setting(now)


def _compare_named(was: Mapping[str, Any], now: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Found]:
    """Compare two mappings: settings of a group, or things by name."""
    model = _find_model(path)
    for name in dict.fromkeys((*was, *now)):
        here = (*path, name)
        if model is not None:
            yield from _compare(was.get(name, PydanticUndefined), now.get(name, PydanticUndefined), here)
        elif name not in now:
            yield here, describe_setting(was[name]), "taken out"
        elif name not in was:
            yield here, NOT_THERE, describe_setting(now[name])
        else:
            yield from _compare(was[name], now[name], here)


def _compare_lists(was: Sequence[Any], now: Sequence[Any], path: tuple[str, ...]) -> Iterator[Found]:
    before, after = _name_entries(was), _name_entries(now)
    if before is None or after is None:
        yield from _compare_sequences(was, now, path)
        return
    for name in dict.fromkeys((*before, *after)):
        here = (*path, name)
        if name not in after:
            yield here, _describe_entry(before[name], path), "taken out"
        elif name not in before:
            yield here, NOT_THERE, _describe_entry(after[name], path)
        else:
            yield from _compare(before[name], after[name], here)
    kept = [name for name in before if name in after]
    order = [name for name in after if name in before]
    if kept != order and path[-1] not in UNORDERED:
        yield (*path, "order"), ", ".join(kept), ", ".join(order)


def _compare_sequences(was: Sequence[Any], now: Sequence[Any], path: tuple[str, ...]) -> Iterator[Found]:
    """Compare entries without names (steps of a session) by what they say, in their order."""
    before, after = [_describe_entry(each, path) for each in was], [_describe_entry(each, path) for each in now]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, stop, new_first, new_stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        old, new = before[first:stop], after[new_first:new_stop]
        place = str(first + 1) if len(old) < 2 else f"{first + 1}-{stop}"
        yield (*path, place), "; ".join(old) or NOT_THERE, "; ".join(new) or "taken out"


def _compare_materials(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Found]:
    """Compare what study.yaml refers to. What was not there yet when the plan was frozen is no deviation."""
    for kind in ("scales", "congruent"):
        for name in was.get(kind, {}):
            if name in now.get(kind, {}):
                yield from _compare(was[kind][name], now[kind][name], (kind, name))
    for path, sha256 in was.get("texts", {}).items():
        other = now.get("texts", {}).get(path)
        if sha256 is not None and other != sha256:
            gone = "no longer there" if other is None else f"another text ({other[:HASH_SHOWN]})"
            yield (path,), f"the text with hash {sha256[:HASH_SHOWN]}", gone
    before, after = was.get("stimuli", {}), now.get("stimuli", {})
    for name in dict.fromkeys((*before, *after)):
        here = ("stimuli", name)
        if name not in after:
            yield here, describe_setting(before[name]), "taken out"
        elif name not in before:
            yield here, NOT_THERE, describe_setting(after[name])
        else:
            known = {key: value for key, value in before[name].items() if value is not None or key != "sha256"}
            yield from _compare(known, {key: after[name].get(key) for key in known}, here)


def _is_of_groups(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value)


def _name_entries(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the entries by their names, or None where they have none or two have the same."""
    names = []
    for entry in entries:
        if "measure" in entry and "window" in entry and "id" not in entry:
            names.append(f"{entry.get('name') or entry['measure']} in {entry['window']}")
        else:
            names.append(entry.get("id") or entry.get("name") or entry.get("analysis") or "")
    if not all(names) or len(set(names)) != len(names):
        return None
    return dict(zip(names, entries, strict=True))


def _describe_entry(entry: Mapping[str, Any], path: tuple[str, ...]) -> str:
    """Return an entry of a list in words, without what is at its default."""
    defaults = {name: _find_default((*path, "entry", name)) for name in entry}
    return describe_setting({name: entry[name] for name in entry if name in TOLD or entry[name] != defaults[name]})


def describe_setting(value: Any) -> str:
    """Return a value in words; what a group leaves out, or has empty, is not told.

    Examples
    --------
    >>> describe_setting(0.05), describe_setting(["AU12", "AU25"]), describe_setting(None), describe_setting([])
    ('0.05', 'AU12, AU25', 'not set', 'none')
    >>> describe_setting({"start_s": 0.0, "stop_s": 5.0, "zero": None})
    'start_s 0, stop_s 5'
    """
    text = _describe(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _describe(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        told = {name: each for name, each in value.items() if not _is_empty(each)}
        return ", ".join(f"{name} {_wrap(each)}" for name, each in told.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_wrap(each) for each in value) or "none"
    return str(value)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, Mapping | list | str) and not value)


def _wrap(value: Any) -> str:
    return f"({_describe(value)})" if isinstance(value, Mapping | list) and len(value) > 1 else _describe(value)


def _find_part(path: tuple[str, ...]) -> Part:
    return PART_OF.get(path[0], "procedure")


def _find_meaning(path: tuple[str, ...]) -> str:
    """Return the first sentence of a setting's documentation, or an empty text where the path is no setting."""
    field = _find_field(path)
    if field is None or not field.description:
        return ""
    first = " ".join(field.description.split()).split(". ")[0].split(";")[0].split(":")[0].rstrip(".")
    return first[0].lower() + first[1:] if first[1:2].islower() else first


def _find_default(path: tuple[str, ...]) -> Any:
    field = _find_field(path)
    if field is None or field.is_required():
        return PydanticUndefined
    default = field.get_default(call_default_factory=True)
    return default.model_dump(mode="json") if isinstance(default, Settings) else _to_plain(default)


def _to_plain(value: Any) -> Any:
    return [_to_plain(each) for each in value] if isinstance(value, tuple) else value


def _find_field(path: tuple[str, ...]) -> Any:
    model = _find_model(path[:-1])
    return model.model_fields.get(path[-1]) if model is not None else None


def _find_model(path: tuple[str, ...]) -> type[Settings] | None:
    """Return the group of settings at a path whose list entries are named, or None where it is no group."""
    current: Any = Study
    for name in path:
        if isinstance(current, type) and issubclass(current, Settings):
            field = current.model_fields.get(name)
            current = _strip(field.annotation) if field is not None else None
        elif get_origin(current) is tuple:
            current = _strip(get_args(current)[0])
        elif get_origin(current) is dict:
            current = _strip(get_args(current)[1])
        else:
            return None
    return current if isinstance(current, type) and issubclass(current, Settings) else None


def _strip(annotation: Any) -> Any:
    """Return an annotation without ``Annotated`` and ``| None``."""
    while hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    options = [option for option in get_args(annotation) if option is not type(None)]
    if type(None) in get_args(annotation) and len(options) == 1:
        return _strip(options[0])
    return annotation
