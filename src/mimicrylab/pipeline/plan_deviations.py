"""What a study does otherwise than its frozen plan, for every step that shows results."""

from __future__ import annotations

from mimicrylab.errors import count_things
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.deviations import Deviation, compare_plans
from mimicrylab.protocol.frozen_plan import collect_plan, read_frozen
from mimicrylab.study import StudyFolder

SHOWN = 5


def find_study_deviations(folder: StudyFolder, study: Study) -> tuple[Deviation, ...]:
    """Return what a study does otherwise than its latest frozen plan; nothing where none was frozen.

    Raises
    ------
    DamagedFileError
        The frozen plan was changed after it was frozen.
    """
    frozen = read_frozen(folder.root)
    return compare_plans(frozen.plan, collect_plan(study, folder.root)) if frozen is not None else ()


def warn_of_deviations(folder: StudyFolder, study: Study) -> tuple[str, ...]:
    """Return the deviations from the frozen plan as warnings, the weightiest first; the report lists all.

    Raises
    ------
    DamagedFileError
        The frozen plan was changed after it was frozen.
    """
    found = find_study_deviations(folder, study)
    frozen = read_frozen(folder.root)
    if not found or frozen is None:
        return ()
    rest = len(found) - SHOWN
    lines = [f"deviates from the plan frozen on {frozen.day}: {deviation.words}" for deviation in found[:SHOWN]]
    if rest > 0:
        lines.append(f"and {count_things(rest, 'further deviation')} from the frozen plan; the report lists all")
    return tuple(lines)
