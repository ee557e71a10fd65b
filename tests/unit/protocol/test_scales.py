"""The keys are those of facts/questionnaires: written here a second time, from the source, not from the files."""

from pathlib import Path

import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.scales import Scale, find_scale, list_scales, parse_scale

AGREE_60 = {1, 6, 19, 22, 25, 26, 35, 36, 37, 38, 41, 42, 43, 44, 52, 54, 55, 57, 58, 59, 60}
DISAGREE_60 = {4, 8, 10, 11, 12, 14, 15, 18, 21, 27, 28, 29, 32, 34, 39, 46, 48, 49, 50}
FILLERS_60 = {2, 3, 5, 7, 9, 13, 16, 17, 20, 23, 24, 30, 31, 33, 40, 45, 47, 51, 53, 56}
AGREE_40 = {1, 3, 11, 13, 14, 15, 21, 22, 24, 26, 27, 28, 29, *range(34, 41)}
AGREE_AQ = {2, 4, 5, 6, 7, 9, 12, 13, 16, 18, 19, 20, 21, 22, 23, 26, 33, 35, 39, 41, 42, 43, 45, 46}
SUBSCALES_AQ = {
    "social_skill": "1 11 13 15 22 36 44 45 47 48",
    "attention_switching": "2 4 10 16 25 32 34 37 43 46",
    "attention_to_detail": "5 6 9 12 19 23 28 29 30 49",
    "communication": "7 17 18 26 27 31 33 35 38 39",
    "imagination": "3 8 14 20 21 24 40 41 42 50",
}
RAAS = {"close": "1 6 8R 12 13R 17R", "depend": "2R 5 7R 14 16R 18R", "anxiety": "3 4 9 10 11 15"}
IRI = {
    "perspective_taking": "3R 8 11 15R 21 25 28",
    "fantasy": "1 5 7R 12R 16 23 26",
    "empathic_concern": "2 4R 9 14R 18R 20 22",
    "personal_distress": "6 10 13R 17 19R 24 27",
}


def load(name: str) -> Scale:
    return find_scale(name).scale


def get_key(scale: Scale, name: str) -> set[int]:
    return {item for key in scale.keys if key.name == name for item in key.items}


def read_items(text: str) -> set[int]:
    return {int(item.rstrip("R")) for item in text.split()}


def read_reversed(*texts: str) -> set[int]:
    return {int(item[:-1]) for text in texts for item in text.split() if item.endswith("R")}


def test_the_empathy_quotient_with_sixty_items() -> None:
    scale = load("EQ-60")
    assert get_key(scale, "agree") == AGREE_60
    assert get_key(scale, "disagree") == DISAGREE_60
    assert set(scale.fillers) == FILLERS_60
    assert (len(AGREE_60), len(DISAGREE_60), len(FILLERS_60)) == (21, 19, 20)
    assert sorted([*AGREE_60, *DISAGREE_60, *FILLERS_60]) == list(range(1, 61))
    assert {key.name: key.points for key in scale.keys} == {"agree": (2, 1, 0, 0), "disagree": (0, 0, 1, 2)}
    assert [answer.text for answer in scale.answers] == [
        "strongly agree",
        "slightly agree",
        "slightly disagree",
        "strongly disagree",
    ]
    assert scale.find_range(scale.scores[0]) == (0, 80)


def test_the_two_versions_with_forty_items_differ_in_item_23_only() -> None:
    printed, followed = load("EQ-40"), load("EQ-40-agree23")
    assert get_key(printed, "agree") == AGREE_40
    assert get_key(printed, "disagree") == set(range(1, 41)) - AGREE_40
    assert get_key(followed, "agree") - get_key(printed, "agree") == {23}
    assert get_key(printed, "disagree") - get_key(followed, "disagree") == {23}


def test_the_forty_items_are_the_scored_ones_of_the_sixty_in_order() -> None:
    scored = sorted(AGREE_60 | DISAGREE_60)
    assert scored[22] == 37
    assert {scored[item - 1] for item in get_key(load("EQ-40-agree23"), "agree")} == AGREE_60
    assert {scored[item - 1] for item in get_key(load("EQ-40"), "agree")} == AGREE_60 - {37}


def test_the_autism_spectrum_quotient() -> None:
    scale = load("AQ-50")
    assert get_key(scale, "agree") == AGREE_AQ
    assert get_key(scale, "disagree") == set(range(1, 51)) - AGREE_AQ
    assert (len(AGREE_AQ), len(get_key(scale, "disagree"))) == (24, 26)
    assert {key.name: key.points for key in scale.keys} == {"agree": (1, 1, 0, 0), "disagree": (0, 0, 1, 1)}
    subscales = {score.name: set(score.items) for score in scale.scores if score.items}
    assert subscales == {name: read_items(text) for name, text in SUBSCALES_AQ.items()}
    assert sorted(item for items in subscales.values() for item in items) == list(range(1, 51))


def test_the_revised_adult_attachment_scale() -> None:
    scale = load("RAAS-1996")
    assert get_key(scale, "reversed") == read_reversed(*RAAS.values()) == {2, 7, 8, 13, 16, 17, 18}
    scores = {score.name: score for score in scale.scores}
    for name, text in RAAS.items():
        assert set(scores[name].items) == read_items(text)
        assert scores[name].combine == "mean"
    avoidance = scores["avoidance"]
    assert set(avoidance.items) == read_items(RAAS["close"]) | read_items(RAAS["depend"])
    assert avoidance.reflected
    assert avoidance.derived
    assert "1990" in str(scale.note)


def test_the_interpersonal_reactivity_index() -> None:
    scale = load("IRI")
    assert get_key(scale, "reversed") == read_reversed(*IRI.values())
    assert {score.name: set(score.items) for score in scale.scores} == {
        name: read_items(text) for name, text in IRI.items()
    }
    assert sorted(item for text in IRI.values() for item in read_items(text)) == list(range(1, 29))
    assert [answer.code for answer in scale.answers] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("found", list_scales(), ids=lambda found: found.scale.name)
def test_every_scale_says_whose_its_wording_is_and_ships_none(found: object) -> None:
    scale = found.scale  # type: ignore[attr-defined]
    assert scale.citation
    assert scale.licence
    assert "wording" in scale.licence.lower()
    if scale.name.startswith(("EQ", "AQ")):
        assert "not a diagnostic instrument" in scale.note.lower()


def test_agree_and_disagree_items_are_not_mixed_up() -> None:
    """The commonest error: agree items taken as the reversed ones."""
    for name in ("EQ-60", "EQ-40", "EQ-40-agree23", "AQ-50"):
        scale = load(name)
        points = {key.name: key.points for key in scale.keys}
        assert points["agree"][0] > points["agree"][-1]
        assert points["disagree"][0] < points["disagree"][-1]


OWN = """\
version: 1
name: MINE
title: Mine
measures: something
citation: none
licence: mine
items: 3
answers: [{code: 0, text: no}, {code: 1, text: yes}]
keys: [{name: forward, points: [0, 1], items: [1, 2]}]
fillers: [3]
scores: [{name: total, combine: sum}]
"""


def test_a_study_brings_its_own_scale_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "scales").mkdir()
    (tmp_path / "scales" / "MINE.yaml").write_text(OWN)
    found = find_scale("MINE", root=tmp_path)
    assert found.origin == "scales/MINE.yaml"
    assert found.scale.find_range(found.scale.scores[0]) == (0, 2)
    assert "MINE" in [each.scale.name for each in list_scales(root=tmp_path)]
    assert "MINE" not in [each.scale.name for each in list_scales()]


def test_a_studys_own_version_goes_before_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "scales").mkdir()
    (tmp_path / "scales" / "IRI.yaml").write_text(OWN.replace("name: MINE", "name: IRI"))
    assert find_scale("IRI", root=tmp_path).scale.title == "Mine"
    (tmp_path / "scales" / "IRI.yaml").write_text(OWN)
    with pytest.raises(InputError, match="another name than its file"):
        find_scale("IRI", root=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("items: [1, 2]", "items: [1, 2, 2]", "item 2 stands in two keys or fillers, or twice in one"),
        ("fillers: [3]", "fillers: [2, 3]", "item 2 stands in two keys or fillers"),
        ("fillers: [3]", "fillers: []", "item 3 is in no key and no filler"),
        ("fillers: [3]", "fillers: [3, 4]", "item 4 is beyond the last item, 3"),
        ("points: [0, 1]", "points: [0, 1, 2]", "gives points for 3 answers; there are 2"),
        ("{code: 1, text: yes}", "{code: 0, text: yes}", "two answers have the same code or text"),
        ("combine: sum", "combine: sum, items: [3]", "score 'total' uses item 3, which has no key"),
        ("combine: sum", "combine: sum, items: [1, 1]", "score 'total' uses an item twice"),
        ("combine: sum", "combine: total", "expected one of sum, mean"),
        ("measures:", "measure:", "MINE.yaml:4: measure: unknown (did you mean 'measures'?)"),
        ("version: 1", "version: 3", "this file is of version 3"),
    ],
)
def test_a_scale_with_a_mistake_says_where(old: str, new: str, words: str) -> None:
    assert old in OWN
    with pytest.raises(InputError) as caught:
        parse_scale(OWN.replace(old, new), where="MINE.yaml")
    assert words in str(caught.value)


def test_an_unknown_scale_proposes_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'EQ-60'"):
        find_scale("EQ60")
