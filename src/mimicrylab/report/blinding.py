"""Who was to know the treatments, and who was told: the randomisation as declared, and every opening of the list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mimicrylab.protocol.arms import Assignment
from mimicrylab.report.wording import count_noun, join_words
from mimicrylab.study import StudyFolder

STEP = "unblind"
EMERGENCY = "unblind --emergency"
BLINDING_WORDS = {
    "double": "Kits carried numbers only; participants and experimenters did not know the list (double blind).",
    "single": "Participants did not know their treatment (single blind).",
    "none": "Treatments were not blinded.",
}


@dataclass(frozen=True)
class Opening:
    """One opening of the sealed list, or of a single code in an emergency: the day (ISO 8601) and by whom."""

    day: str
    by: str
    emergency: bool


def read_openings(folder: StudyFolder) -> tuple[Opening, ...]:
    """Return every opening that the study's log holds, oldest first; lines that cannot be read are passed over."""
    path = folder.log / "steps.jsonl"
    if not path.is_file():
        return ()
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("step") in (STEP, EMERGENCY):
            day, by = str(entry.get("time", ""))[:10], str(entry.get("by", "not noted"))
            found.append(Opening(day, by, emergency=entry["step"] == EMERGENCY))
    return tuple(found)


def describe_openings(openings: Sequence[Opening]) -> Markup:
    """Return one or two sentences: when and by whom the list was opened, and how many codes were broken.

    Examples
    --------
    >>> str(describe_openings([]))
    'The list of kits has not been opened. No code was broken in an emergency.'
    """
    whole = [opening for opening in openings if not opening.emergency]
    broken = [opening for opening in openings if opening.emergency]
    if whole:
        first = Markup("The list of kits was opened on {} by {}.").format(whole[0].day, whole[0].by)
    else:
        first = Markup("The list of kits has not been opened.")
    if not broken:
        return first + Markup(" No code was broken in an emergency.")
    days = join_words([opening.day for opening in broken])
    verb = "was" if len(broken) == 1 else "were"
    return first + Markup(" {} {} broken in an emergency ({}).").format(count_noun(len(broken), "code"), verb, days)


def describe_assignment(assignment: Assignment | None, openings: Sequence[Opening]) -> Iterator[Markup]:
    """Yield the sentences of the methods paragraph: arms, ratio, blocks, strata, blinding, openings."""
    if assignment is None:
        return
    arms = join_words([arm.name for arm in assignment.arms])
    ratio = ":".join(str(arm.share) for arm in assignment.arms)
    sizes = join_words([str(size) for size in assignment.block_sizes])
    within = join_words([stratum.field for stratum in assignment.strata])
    yield Markup("Participants were randomised to {} ({}), in blocks of {}{}.").format(
        arms, ratio, sizes, f" within each level of {within}" if within else ""
    )
    yield Markup(BLINDING_WORDS[assignment.blinding])
    if assignment.blinding != "none":
        yield describe_openings(openings)
