"""The participants' flow from all who are in the folder to those who are analysed, step by step with reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.schemas import EXCLUSION_STAGES

Groups = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
"""Counts by each grouping: ``(("sex", (("female", 63), ("male", 24))), ...)``."""


@dataclass(frozen=True)
class FlowStep:
    """One step: how many are left, in words, by group, and who was lost on the way to it."""

    label: str
    n: int
    groups: Groups = ()
    losses: tuple[tuple[str, int], ...] = ()


def tabulate_flow(steps: Sequence[FlowStep]) -> pl.DataFrame:
    """Return the steps as a table: step, kind (left, lost or a grouping), name, count.

    Examples
    --------
    >>> tabulate_flow([FlowStep("took part", 2, (("sex", (("female", 2),)),))])["count"].to_list()
    [2, 2]
    """
    rows: list[tuple[int, str, str, int]] = []
    for index, step in enumerate(steps):
        rows += [(index, "lost", reason, count) for reason, count in step.losses]
        rows.append((index, "left", step.label, step.n))
        rows += [(index, grouping, name, count) for grouping, members in step.groups for name, count in members]
    schema = {"step": pl.Int64, "kind": pl.String, "name": pl.String, "count": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


KEPT = {
    "eligibility": "eligible",
    "consent": "with consent",
    "session": "with a finished session",
    "questionnaires": "with complete questionnaires",
    "recording": "with a recording",
    "quality": "with a usable recording",
}
"""Who is left after each stage of ``schemas.EXCLUSION_STAGES``."""


def trace_flow(
    participants: pl.DataFrame,
    losses: Mapping[str, tuple[str, str]],
    *,
    arms: Mapping[str, str] | None = None,
) -> list[FlowStep]:
    """Return the steps from everybody to those analysed; a stage at which nobody is lost makes no step.

    Parameters
    ----------
    participants
        Rows of ``schemas.PARTICIPANTS``: everybody in the folder.
    losses
        Participant -> (stage, reason) for everybody who is not analysed, see ``find_losses``.
    arms
        Kit -> arm, once the study is unblinded.
    """
    left = participants
    steps = [FlowStep("took part", left.height, count_groups(left, arms))]
    for stage in EXCLUSION_STAGES:
        lost = {person: reason for person, (at, reason) in losses.items() if at == stage}
        if not lost:
            continue
        left = left.filter(~pl.col("participant_id").is_in(list(lost)))
        counted = Counter(lost.values()).most_common()
        reasons = tuple(sorted(counted, key=lambda item: (-item[1], item[0])))
        steps.append(FlowStep(KEPT[stage], left.height, count_groups(left, arms), reasons))
    return steps


def find_losses(
    participants: pl.DataFrame, recordings: pl.DataFrame, exclusions: pl.DataFrame, *, analysed: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Return (stage, reason) for every participant who is not analysed: the first stage that explains the loss."""
    recorded = set(recordings["participant_id"])
    found: dict[str, tuple[str, str]] = {}
    for row in participants.filter(~pl.col("participant_id").is_in(list(analysed))).iter_rows(named=True):
        person = row["participant_id"]
        logged = exclusions.filter((pl.col("participant_id") == person) & (pl.col("level") != "trial"))
        candidates = [(one["stage"], name_reason(one["reason"])) for one in logged.iter_rows(named=True)]
        if row["state"] in UNFINISHED and not candidates:
            candidates.append(UNFINISHED[row["state"]])
        if row["excluded"] and not candidates:
            candidates.append(("session", name_reason(row["exclusion_reason"] or "reason not recorded")))
        if recorded and person not in recorded:
            candidates.append(("recording", "no recording"))
        candidates = candidates or [("quality", "reason not recorded")]
        found[person] = min(candidates, key=lambda item: EXCLUSION_STAGES.index(item[0]))
    return found


UNFINISHED = {
    "invited": ("session", "never started"),
    "started": ("session", "not finished"),
    "aborted": ("session", "broken off"),
    "withdrawn": ("consent", "consent withdrawn"),
}
"""States of a participant that explain a loss where the exclusion log gives no reason."""


def name_reason(reason: str) -> str:
    """Return a reason without its figures, so that the same reason of several people is counted together.

    Of several reasons the first stands for all: quality puts the worst first.

    Examples
    --------
    >>> name_reason("graded 3: 41.2 % of the frames are valid, 50 % are asked for; 9 frames/s, 20 are good")
    'too few valid frames'
    >>> name_reason("questionnaire lost")
    'questionnaire lost'
    """
    first = re.sub(r"^graded \d: ", "", reason).split("; ")[0]
    for pattern, words in SAME_REASON:
        if pattern.search(first):
            return words
    return re.sub(r"\s*\([^)]*\d[^)]*\)", "", first).strip()


SAME_REASON = (
    (re.compile(r"talking"), "talking or eating in too many trials"),
    (re.compile(r"covered"), "face covered too often"),
    (re.compile(r"frames are valid|frames valid"), "too few valid frames"),
    (re.compile(r"frames/s"), "frame rate too low"),
    (re.compile(r"trials count"), "too few usable trials"),
    (re.compile(r"without a valid frame"), "too long without a valid frame"),
)
"""Reasons that carry figures, and the words they are counted under."""


def count_groups(participants: pl.DataFrame, arms: Mapping[str, str] | None = None) -> Groups:
    """Return counts by sex, and by arm where the study is unblinded; what is not known is counted as such."""
    found: list[tuple[str, tuple[tuple[str, int], ...]]] = []
    if "sex" in participants.columns and participants["sex"].is_not_null().any():
        found.append(("sex", _count_values(participants["sex"], missing="sex not given")))
    if arms is not None:
        kits = participants["kit"].replace_strict(dict(arms), default=None, return_dtype=pl.String)
        found.append(("arm", _count_values(kits, missing="without an arm")))
    return tuple(found)


def _count_values(values: pl.Series, *, missing: str) -> tuple[tuple[str, int], ...]:
    counted = values.alias("name").drop_nulls().value_counts().sort("name")
    rows = [(str(name), int(count)) for name, count in counted.iter_rows()]
    return (*rows, (missing, values.null_count())) if values.null_count() else tuple(rows)
