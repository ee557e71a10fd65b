"""The methods paragraph, ready to be copied and edited, and how numbers are written."""

from __future__ import annotations

from markupsafe import Markup

from mimicrylab.report.content import Prose, Section
from mimicrylab.report.methods import write_methods
from mimicrylab.report.source import ReportSource
from mimicrylab.report.wording import ROUNDING_RULE


def build_methods(source: ReportSource) -> Section:
    """Return the paragraph and the rule of rounding."""
    return Section(
        "methods",
        "Methods paragraph",
        (
            Prose(Markup("Written from study.yaml and the tables; edit it before it goes into a manuscript.")),
            Prose(write_methods(source), copied=True),
            Prose(Markup.escape(ROUNDING_RULE)),
        ),
    )
