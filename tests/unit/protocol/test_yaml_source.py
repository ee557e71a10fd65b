import pytest

from mimicrylab.protocol.yaml_source import MAXIMUM_VALUES, read_yaml


def list_mistakes(text: str) -> list[str]:
    return [mistake.describe("study.yaml") for mistake in read_yaml(text).mistakes]


def test_values_keep_the_type_they_are_written_in() -> None:
    text = "a: 1\nb: 1.5\nc: true\nd: ~\ne: 'x'\nf: [1, two]\ng: {h: -0x1F}\ni: 1e3\nj: .inf\nk: 1_000\n"
    found = read_yaml(text)
    assert found.mistakes == ()
    assert found.value == {
        "a": 1,
        "b": 1.5,
        "c": True,
        "d": None,
        "e": "x",
        "f": [1, "two"],
        "g": {"h": -31},
        "i": 1000.0,
        "j": float("inf"),
        "k": 1000,
    }


def test_yaml_1_2_words_times_and_dates_stay_texts() -> None:
    text = "country: NO\nyes: Yes\ntime: 10:30\ndate: 2024-01-02\n"
    assert read_yaml(text).value == {"country": "NO", "yes": "Yes", "time": "10:30", "date": "2024-01-02"}


def test_every_key_and_value_has_its_line() -> None:
    found = read_yaml("# a comment\na:\n  b: 1\n\n  c:\n    - x\n    - y: 2\n")
    assert found.find_line(("a",)) == 2
    assert found.find_line(("a", "b")) == 3
    assert found.find_line(("a", "c", 1, "y")) == 7


def test_a_place_that_is_not_in_the_file_has_the_line_of_what_is_around_it() -> None:
    found = read_yaml("a:\n  b:\n    c: 1\n")
    assert found.find_line(("a", "b", "missing", 3)) == 2
    assert found.find_line(("other",)) == 1


def test_all_keys_given_twice_are_listed_and_the_first_value_is_kept() -> None:
    found = read_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\na: 4\n")
    assert found.value == {"a": 1, "b": {"c": 1}}
    assert [mistake.describe("study.yaml") for mistake in found.mistakes] == [
        "study.yaml:4: b.c: given twice (first in line 3)",
        "study.yaml:5: a: given twice (first in line 1)",
        "study.yaml:6: a: given twice (first in line 1)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "study.yaml:1: the file is empty"),
        ("# only a comment\n", "study.yaml:1: the file is empty"),
        ("a:\n\tb: 1\n", "study.yaml:2: a tab stands where YAML needs spaces; replace it by spaces"),
        ("a: b: c\n", "study.yaml:1: a second ': ' in one line; put the text after the first colon in quotes"),
        ("a: @x\n", "study.yaml:1: a text that begins with '@' must stand in quotes"),
        ("a: 'x\nb: 2\n", "study.yaml:3: a quote is opened and never closed"),
        ("a: 1\n---\nb: 2\n", "study.yaml:2: '---' begins a second document"),
        ("a: *b\n", "study.yaml:1: found undefined alias 'b'; a text that begins with '*' must stand in quotes"),
        ("a: [1,\nb: 2\n", "study.yaml:3: not YAML while parsing a flow sequence that begins in line 1"),
        ("a: \x07\n", "study.yaml:1: not YAML: unacceptable character #x0007"),
        ("[" * 800, "study.yaml:1: lists or mappings are nested too deeply"),
        ("a: !python/object:os.system x\n", "study.yaml:1: a: the tag !python/object:os.system is not used"),
        ("a: &b [*b]\n", "study.yaml:1: a.0: contains itself"),
        ("? [a, b]\n: 1\n", "study.yaml:1: a name must be a text, not a list or mapping"),
    ],
)
def test_broken_yaml_says_what_to_do(text: str, message: str) -> None:
    assert [mistake[: len(message)] for mistake in list_mistakes(text)] == [message]


def test_aliases_to_aliases_do_not_fill_the_memory() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 9))
    assert MAXIMUM_VALUES < 10**9
    assert list_mistakes("l0: &l0 [x]\n" + levels) == ["study.yaml:1: lists or mappings are nested too deeply"]


def test_a_byte_order_mark_is_no_part_of_the_file() -> None:
    assert read_yaml("\ufeffa: 1\n").value == {"a": 1}
