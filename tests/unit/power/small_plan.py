"""A small study with a plan: two emotions and neutral by two models, two arms, one questionnaire, three analyses."""

from __future__ import annotations

from pathlib import Path

from mimicrylab.protocol.templates import read_template

HYPOTHESES = """
hypotheses:
  H1: People mimic happiness.
  H2: The treatment changes it.
  H3: It goes with empathy.
participants: {planned: 20}
assignment:
  arms: [{name: training}, {name: control}]
  blinding: none
  kits_per_stratum: 30
  block_sizes: [2]
scales:
  - {name: EQ-40}
"""

PLAN = """
  - measure: congruence
    of: mean
    neutral: with
analyses:
  - id: mimicry
    hypothesis: H1
    model: one_sample
    outcome: {measure: congruence, signals: [AU12], emotions: [happiness]}
  - id: treatment
    hypothesis: H2
    model: two_groups
    outcome: {measure: congruence, signals: [AU12], emotions: [happiness]}
    predictors: [{name: treatment, kind: treatment}]
  - id: empathy
    hypothesis: H3
    standing: exploratory
    model: correlation
    outcome: {measure: congruence, signals: [AU12], emotions: [happiness]}
    predictors: [{name: EQ-40.total, kind: trait}]
"""


def write_small_plan(folder: Path, *, edit: tuple[str, str] | None = None) -> Path:
    """Write the study; ``edit`` replaces one text of its study.yaml."""
    for name, text in read_template("minimal").items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    file = folder / "study.yaml"
    text = file.read_text(encoding="utf-8").replace("\nstimuli:\n", f"{HYPOTHESES}\nstimuli:\n", 1)
    text = text.replace("    blank_s: 3 ", "    scales: [EQ-40]\n    blank_s: 3 ", 1).rstrip() + PLAN
    file.write_text(text.replace(*edit) if edit else text, encoding="utf-8")
    return folder
