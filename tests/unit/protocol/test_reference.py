import json
from collections.abc import Iterator

import pytest

from mimicrylab.protocol import analyses, arms, blocks, consent, forms, limits, measurement, stimulus_sets, visits
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.reference import render_reference, render_schema
from mimicrylab.protocol.settings import Settings

OWN = [
    value
    for module in (analyses, arms, blocks, consent, forms, limits, measurement, stimulus_sets, visits)
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, Settings) and value.__module__ == module.__name__
]


def list_settings() -> Iterator[tuple[str, str, str | None]]:
    for group in [*OWN, Study]:
        for name, field in group.model_fields.items():
            yield group.__name__, name, field.description


@pytest.mark.parametrize(("group", "name", "description"), list(list_settings()))
def test_every_setting_says_what_it_means(group: str, name: str, description: str | None) -> None:
    assert description, f"{group}.{name}"
    assert description.rstrip().endswith((".", ")")), description


def test_the_page_has_every_setting_once() -> None:
    page = render_reference()
    for group in OWN:
        section = page.split(f"\n## {group.__name__}\n")
        assert len(section) == 2
        rows = [line for line in section[1].split("\n## ")[0].splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == list(group.model_fields)


def test_links_within_the_page_lead_to_groups() -> None:
    page = render_reference()
    headings = {line[3:].lower() for line in page.splitlines() if line.startswith("## ")}
    targets = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert targets <= headings


def test_the_schema_is_json_and_closed_to_unknown_names() -> None:
    schema = json.loads(render_schema())
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["additionalProperties"] is False
    assert all(
        group["additionalProperties"] is False for group in schema["$defs"].values() if group.get("type") == "object"
    )
    assert {"required": ["block"]} in schema["$defs"]["Step"]["oneOf"]
    assert set(schema["required"]) == {"version", "title", "stimuli", "blocks"}
