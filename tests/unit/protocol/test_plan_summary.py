from mimicrylab.protocol.analyses import Analysis, Outcome
from mimicrylab.protocol.plan_summary import summarise_plan


def plan(name: str, hypothesis: str = "H1", **settings: object) -> Analysis:
    return Analysis(id=name, hypothesis=hypothesis, model="one_sample", outcome=Outcome(measure="mean"), **settings)  # type: ignore[arg-type]


def test_what_decides_stands_apart_from_what_suggests_and_from_what_is_repeated() -> None:
    analyses = [
        plan("one"),
        plan("two"),
        plan("three", family="F", correction="bh"),
        plan("four", standing="exploratory"),
        plan("five_as_published", standing="exploratory", as_published=True),
        plan("six", "H2"),
    ]
    assert list(summarise_plan({"H1": "it moves", "H2": "it does not", "H3": "unused"}, analyses)) == [
        "analysis plan: 6 analyses",
        "  H1: it moves",
        "    decide together (corrected by Holm): one, two",
        "    decides: three",
        "    suggests: four",
        "    as published: five_as_published",
        "  H2: it does not",
        "    decides: six",
    ]


def test_long_lists_are_wrapped_and_nothing_planned_says_nothing() -> None:
    lines = list(summarise_plan({"H1": "it moves"}, [plan(f"analysis_number_{place}") for place in range(12)]))
    assert max(map(len, lines)) <= 110
    assert len(lines) == 5
    assert list(summarise_plan({"H1": "it moves"}, [])) == []
