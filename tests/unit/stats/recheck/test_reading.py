"""Files of printed results."""

from pathlib import Path
from textwrap import dedent

import pytest

from mimicrylab.errors import InputError, MissingError, UnknownNameError
from mimicrylab.stats.recheck.entries import Groups, Model
from mimicrylab.stats.recheck.paper import KINDS, Paper
from mimicrylab.stats.recheck.reading import EXAMPLES, parse_paper, read_example, read_paper

YAML = """\
version: 1
title: A paper
groups:
  - {id: sex, n_1: 22, t: -3.350, p: .001, says: significant}
models:
  - {id: ols, r2: 0.30, features: [smile, frown]}
"""


def write(path: Path, text: str) -> Path:
    path.write_text(dedent(text), encoding="utf-8")
    return path


def test_printed_digits_are_kept() -> None:
    paper = parse_paper(YAML, where="paper.yaml")
    (groups,) = paper.groups
    assert isinstance(groups, Groups)
    assert groups.t is not None
    assert (groups.t.text, groups.t.step) == ("-3.350", 0.001)
    assert groups.n_1 == 22
    assert paper.models[0].features == ("smile", "frown")


def test_a_table_says_the_same_as_a_yaml_file(tmp_path: Path) -> None:
    table = write(
        tmp_path / "paper.csv",
        """\
        kind,id,n_1,t,p,says,r2,features
        groups,sex,22,-3.350,.001,significant,,
        models,ols,,,,,0.30,smile; frown
        """,
    )
    paper = read_paper(table)
    same = parse_paper(YAML, where="paper.yaml")
    assert paper.title == "paper"
    assert paper.groups == same.groups
    assert paper.models == same.models


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("t: -3.350", "t: n.s.", "paper.yaml:4: groups.0.t: 'n.s.' is not a printed number"),
        ("n_1: 22", "n1: 22", "paper.yaml:4: groups.0.n1: unknown (did you mean 'n_1'?)"),
        ("n_1: 22", "n_1: 22.5", "paper.yaml:4: groups.0.n_1: expected a whole number, found '22.5'"),
        ("says: significant", "says: yes", "expected one of significant, not_significant"),
        ("id: ols", "id: sex", "two entries are called 'sex'"),
        ("says: significant", "sample: others", "sex: no sample is called 'others'"),
        ("groups:", "group:", "paper.yaml:3: group: unknown (did you mean 'groups'?)"),
        ("version: 1", "version: 2", "this program reads up to 1"),
    ],
)
def test_every_mistake_is_told_with_its_line(old: str, new: str, message: str) -> None:
    assert old in YAML
    with pytest.raises(InputError) as error:
        parse_paper(YAML.replace(old, new), where="paper.yaml")
    assert message in str(error.value)


def test_mistakes_in_a_table_are_told_with_their_lines(tmp_path: Path) -> None:
    table = write(tmp_path / "paper.csv", "kind,id,t\ngroups,a,1.0\ngroup,b,2.0\n")
    with pytest.raises(InputError, match=r"paper.csv:3: unknown kind 'group' \(did you mean 'groups'\?\)"):
        read_paper(table)
    table = write(tmp_path / "paper.csv", "kind,id,t\ngroups,a,1.0\ngroups,b,two\n")
    with pytest.raises(InputError, match="'two' is not a printed number"):
        read_paper(table)
    table = write(tmp_path / "paper.csv", "id,t\na,1.0\n")
    with pytest.raises(InputError, match="column 'kind' is missing"):
        read_paper(table)


def test_a_missing_file_and_an_unknown_example_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        read_paper(tmp_path / "none.yaml")
    with pytest.raises(UnknownNameError, match="pavarini-2019"):
        read_example("pavarini")


def test_the_examples_are_read_and_every_kind_has_fields_with_meanings() -> None:
    assert [len(parse_paper(read_example(name), where=name).entries) > 30 for name in EXAMPLES] == [True, True]
    assert {
        name: Paper.model_fields[name].description for name in KINDS if not Paper.model_fields[name].description
    } == {}
    assert all(field.description for field in (*Groups.model_fields.values(), *Model.model_fields.values()))
