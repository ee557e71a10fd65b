"""The manual's page on planned analyses: every model has its section, and every example is a plan that runs."""

import json
import re
from functools import cache
from typing import get_args

import pytest

from contract.pages import DOCS
from made_plans import make_data
from mimicrylab.protocol.analyses import Analysis, Model
from mimicrylab.protocol.plan_shapes import METHODS, find_misfits, find_unsound_rows
from mimicrylab.protocol.yaml_source import read_yaml
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.models.catalogue import MODELS

PAGE = (DOCS / "analyses.md").read_text(encoding="utf-8")
SECTIONS = dict(zip(*[iter(re.split(r"^## (\w+)\n", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))


def list_examples() -> list[tuple[str, Analysis]]:
    """Return every analysis of the page's examples with the section it stands in."""
    found = []
    for model, section in SECTIONS.items():
        for block in re.findall(r"^```yaml\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE):
            for entry in read_yaml(block).value:
                found.append((model, Analysis.model_validate_json(json.dumps(entry))))
    return found


@cache
def read_data() -> PlanData:
    return make_data(40)


def test_every_model_has_a_section_with_an_example() -> None:
    assert set(get_args(Model)) <= set(SECTIONS)
    assert {model for model, _ in list_examples()} == set(get_args(Model)) == set(MODELS)


@pytest.mark.parametrize("model", METHODS)
def test_every_method_is_named_in_its_section(model: str) -> None:
    assert not [method for method in METHODS[model] if f"`{method}`" not in SECTIONS[model]]


@pytest.mark.parametrize(("model", "analysis"), list_examples(), ids=lambda value: getattr(value, "id", value))
def test_every_example_runs(model: str, analysis: Analysis) -> None:
    assert analysis.model == model
    assert not [*find_misfits(analysis), *find_unsound_rows(analysis)]
    result = MODELS[analysis.model](read_data(), analysis, 1)
    assert result.state == "done", result.reason
    assert any(line.estimate is not None or line.statistic for line in result.estimates)
    if analysis.model not in ("description", "prediction"):
        assert result.tests
    assert bool(result.published) == analysis.as_published
