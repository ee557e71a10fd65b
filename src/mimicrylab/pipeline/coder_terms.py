"""``code --accept-licence``: the terms of a coder that other people own, shown and agreed to."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.coding.coder import DEFAULT_CODER, load_coder
from mimicrylab.coding.licences import Terms, accept_terms, describe_terms
from mimicrylab.protocol.design import read_study
from mimicrylab.study import open_study


@dataclass(frozen=True)
class AcceptedTerms:
    """What was shown, and where it is remembered that it was agreed to; None: there is nothing to agree to."""

    text: str
    remembered: Path | None


def accept_coder_terms(coder: str | None, *, study: Path | None = None) -> AcceptedTerms:
    """Return the terms of a coder, agreed to from now on; ``coder`` None is the study's, or the default one.

    Raises
    ------
    MissingError, StudyFileError
        There is no study, or its study.yaml has mistakes.
    UnknownNameError, DependencyError
        There is no such coder, or it cannot be loaded.
    """
    name = coder
    if name is None:
        name = DEFAULT_CODER if study is None else read_study(open_study(study).study_file).coding.coder
    terms = getattr(sys.modules[type(load_coder(name)).__module__], "TERMS", None)
    if not isinstance(terms, Terms):
        return AcceptedTerms(f"the coder {name!r} needs no agreement", None)
    return AcceptedTerms(describe_terms(terms), accept_terms(terms))
