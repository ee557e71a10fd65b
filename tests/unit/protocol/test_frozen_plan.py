"""Frozen plans: their hash, their file, and what a changed file is told."""

import hashlib
import json
from pathlib import Path

import pytest

from mimicrylab.errors import DamagedFileError
from mimicrylab.protocol.frozen_plan import (
    FrozenPlan,
    collect_plan,
    decode_frozen,
    encode_frozen,
    hash_plan,
    list_frozen,
    read_frozen,
)
from unit.protocol.study_texts import SMALL, read, write_study

MANIFEST = "stimulus,emotion\na,happiness\n"


def make(tmp_path: Path, *, version: int = 1) -> FrozenPlan:
    root = write_study(tmp_path / "study", SMALL, MANIFEST)
    plan = collect_plan(read(SMALL), root)
    return FrozenPlan(
        version, "2026-01-05T10:00:00+00:00", "mimicrylab 0.1.0", hash_plan(plan), plan, ("3 recordings",)
    )


def test_the_hash_is_that_of_the_json_with_sorted_keys() -> None:
    expected = hashlib.sha256('{"a":[1.0],"b":"ä"}'.encode()).hexdigest()
    assert hash_plan({"b": "ä", "a": [1.0]}) == expected


def test_a_frozen_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    frozen = make(tmp_path)
    again = decode_frozen(encode_frozen(frozen), where="plan/frozen.json")
    assert again == frozen
    assert again.day == "2026-01-05"


def test_comments_and_layout_of_the_study_file_do_not_enter_the_hash(tmp_path: Path) -> None:
    root = write_study(tmp_path / "study", SMALL, MANIFEST)
    other = SMALL.replace("title: Small study", "title: 'Small study'   # a comment")
    assert hash_plan(collect_plan(read(SMALL), root)) == hash_plan(collect_plan(read(other), root))


def test_one_changed_number_changes_the_hash_and_a_changed_file_is_refused(tmp_path: Path) -> None:
    text = encode_frozen(make(tmp_path))
    content = json.loads(text)
    content["plan"]["study"]["blocks"][0]["duration_s"] = 5.0
    with pytest.raises(DamagedFileError, match="changed after it was frozen"):
        decode_frozen(json.dumps(content), where="plan/frozen.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"version": "one"}'])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(DamagedFileError, match="no frozen plan"):
        decode_frozen(text, where="plan/frozen.json")


def test_older_versions_are_listed_first(tmp_path: Path) -> None:
    first, second = make(tmp_path, version=1), make(tmp_path, version=2)
    root = tmp_path / "study"
    assert read_frozen(root) is None
    assert list_frozen(root) == ()
    (root / "plan").mkdir()
    (root / "plan" / "frozen-1.json").write_text(encode_frozen(first), encoding="utf-8")
    (root / "plan" / "frozen.json").write_text(encode_frozen(second), encoding="utf-8")
    assert read_frozen(root) == second
    assert [plan.version for plan in list_frozen(root)] == [1, 2]
