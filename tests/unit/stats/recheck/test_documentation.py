"""docs/recheck.md says what the code does."""

import re
from pathlib import Path
from typing import get_args

from mimicrylab.stats.recheck.paper import KINDS, Paper
from mimicrylab.stats.recheck.reading import parse_paper
from mimicrylab.stats.recheck.run import recheck_paper
from unit.stats.recheck.test_invented_papers import CORRUPTIONS, SILENT

PAGE = Path(__file__).parents[4] / "docs" / "recheck.md"


def test_every_field_of_every_kind_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = {match[1]: match[0] for match in re.finditer(r"^\| `(\w+)` \|.*$", text, flags=re.MULTILINE)}
    assert list(rows) == list(KINDS)
    for kind in KINDS:
        (model,) = [each for each in get_args(Paper.model_fields[kind].annotation) if each is not Ellipsis]
        named = set(re.findall(r"`(\w+)`", rows[kind])) - {kind}
        assert named >= set(model.model_fields) - {"id", "where"}, kind
        assert named <= set(model.model_fields), kind


def test_the_example_of_the_page_is_read_and_its_sentence_is_found_wrong() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = recheck_paper(parse_paper(example, where="recheck.md"))
    assert [finding.rule for finding in found] == ["what is said of p"]


def test_the_numbers_of_the_page_are_those_of_the_tests() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"On {SILENT} invented papers" in text
    assert f"each of {len(CORRUPTIONS)} kinds of seeded slips" in text
