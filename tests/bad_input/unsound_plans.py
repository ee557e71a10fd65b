"""Plans that would give a wrong answer: each is refused, or said to be impossible, with what to do instead."""

from __future__ import annotations

from pathlib import Path

from bad_input.inputs import Maker, all_of, made_once, run, study, table, text_file
from made_openface import format_rows, make_row

PEOPLE = [
    f"P{i:02d},{'oxytocin' if i % 2 else 'placebo'},{'before' if i < 6 else 'after'},{40 + i},{80 + 2 * i},"
    f"{(i * 7) % 12 / 10},0.5,{0.1 * (i % 5) - 0.2:.1f}"
    for i in range(12)
]
"""One row a person: arm, phase (each person in one alone), EQ, twice that, a movement, one that never changes, a z."""

HEAD = "person,arm,phase,EQ,EQ_doubled,smile,still,smile_z"

PLAN = """\
version: 1
columns: {{person: person, arm: arm}}
measures:
  smile_z: {{kind: z, columns: {{smile_z: {{signal: AU12}}}}}}
hypotheses: {{H1: mimicry goes together with empathy}}
analyses:
  - id: {id}
    hypothesis: H1
    model: {model}
    outcome: {{{outcome}}}
    predictors: [{predictors}]
{more}"""


def planned(
    identity: str,
    model: str,
    *,
    outcome: str = "score: smile",
    predictors: str = "",
    more: str = "",
    people: int = 12,
    arm: str = "oxytocin",
) -> Maker:
    """Return a maker of a table of people and a plan with one analysis; ``arm`` stands in the place of oxytocin."""
    rows = [row.replace("oxytocin", arm) for row in PEOPLE[:people]]
    plan = PLAN.format(id=identity, model=model, outcome=outcome, predictors=predictors, more=more)
    return all_of(table("table.csv", HEAD, *rows), text_file("plan.yaml", plan))


def trials_planned(identity: str, model: str, *, predictors: str, more: str = "") -> Maker:
    """Return a maker of a table of trials, two a person, each person in one phase alone, and a plan of one analysis."""
    phases = ["before"] * 6 + ["after"] * 6
    rows = [f"P{i:02d},{t},{phases[i]},{40 + i},{(i * 7 + t) % 12 / 10}" for i in range(12) for t in range(2)]
    plan = (
        "version: 1\ncolumns: {person: person, trial: trial}\nhypotheses: {H1: h}\nanalyses:\n"
        f"  - id: {identity}\n    hypothesis: H1\n    model: {model}\n    outcome: {{measure: smile}}\n"
        f"    predictors: [{predictors}]\n{more}"
    )
    return all_of(table("table.csv", "person,trial,phase,EQ,smile", *rows), text_file("plan.yaml", plan))


FILMED = ("P01", "P02", "P03", "P04")

LARGEST = """
hypotheses: {H1: mimicry changes with age}
analyses:
  - id: largest_smile
    hypothesis: H1
    model: correlation
    outcome: {measure: peak, signals: [AU12]}
    predictors: [{name: age, kind: trait}]
"""


def filmed(name: str, *, every: int) -> Maker:
    """Return a maker of ten seconds coded by OpenFace, with every frame of 30 a second or every second one."""
    rows = [make_row(frame, AU12_r=f"{frame % 7 / 3:.2f}") for frame in range(1, 301, every)]
    return text_file(name, format_rows(rows))


def _add_plan(folder: Path) -> None:
    path = folder / "study" / "study.yaml"
    path.write_text(path.read_text(encoding="utf-8") + LARGEST, encoding="utf-8")


def _forget_log(folder: Path) -> None:
    """Take away the log, to which the command adds a line."""
    (folder / "study" / "log" / "steps.jsonl").unlink()


UNEVEN_CAMERAS = made_once(
    study(),
    *[filmed(f"{name}.csv", every=1 + place % 2) for place, name in enumerate(FILMED)],
    table("events.csv", "recording,onset,duration,emotion", *[f"{name},3,4,joy" for name in FILMED]),
    table("people.csv", "participant,age", *[f"{name},{20 + place}" for place, name in enumerate(FILMED)]),
    run(f"import openface {' '.join(f'{name}.csv' for name in FILMED)} --study study --events events.csv"),
    run("import participants people.csv --study study"),
    _add_plan,
    run("measure study"),
    _forget_log,
)
"""Four people, two filmed at 30 and two at 15 frames/s, and a plan that correlates largest values with age."""
