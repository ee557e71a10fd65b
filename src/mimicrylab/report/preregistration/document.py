"""The whole preregistration, as Markdown and as one page that needs nothing else and prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from markupsafe import Markup

from mimicrylab import __version__
from mimicrylab.protocol.frozen_plan import FrozenPlan
from mimicrylab.report.content import Fact, Facts, Section, number_items
from mimicrylab.report.document import make_environment
from mimicrylab.report.markdown import write_markdown
from mimicrylab.report.preregistration.design import describe_design, describe_hypotheses, describe_stimuli
from mimicrylab.report.preregistration.measurement import describe_measures, describe_quality
from mimicrylab.report.preregistration.plan import (
    describe_conduct,
    describe_confirmatory,
    describe_exploratory,
    describe_multiverse,
)
from mimicrylab.report.preregistration.sample import describe_participants
from mimicrylab.report.preregistration.source import PlanSource
from mimicrylab.report.wording import count_noun, join_words

SECTIONS: tuple[Callable[[PlanSource], Section | None], ...] = (
    describe_hypotheses,
    describe_design,
    describe_participants,
    describe_stimuli,
    describe_measures,
    describe_quality,
    describe_confirmatory,
    describe_exploratory,
    describe_multiverse,
    describe_conduct,
)

FILES = re.compile(r"\s*<span class=\"files\">.*?</span>(?=</p>)", re.DOTALL)
"""Links to the files beside a report; a preregistration has none."""

EMPTY_NOTE = re.compile(r"<p class=\"note\">\s*</p>\n?")

NOT_FROZEN = "not frozen: mimicrylab plan --freeze"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Preregistration:
    """A study's plan as sections; ``frozen`` is None as long as it is only shown.

    ``changes`` are the differences from the version before, in words; ``status`` what is said where ``frozen`` is None.
    """

    title: str
    sections: tuple[Section, ...]
    collected: tuple[str, ...] = ()
    frozen: FrozenPlan | None = None
    changes: tuple[str, ...] = ()
    status: str = NOT_FROZEN
    figures: Facts = field(default_factory=lambda: Facts(()))
    language: str = "en"

    @property
    def warning(self) -> str:
        """What must be said at the top: that data existed, or an empty text."""
        if not self.collected:
            return ""
        verb = "Frozen" if self.frozen is not None else "This plan stands"
        return (
            f"{verb} after data collection had begun: the folder held {join_words(self.collected)}. "
            "What follows was not written before the data."
        )

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands under the title: name and value."""
        if self.frozen is None:
            return (("Status", self.status),)
        version = f"version {self.frozen.version}" if self.frozen.version > 1 else "first version"
        return (
            ("Frozen", f"{self.frozen.frozen[:16].replace('T', ' ')} UTC, {version}"),
            ("SHA-256 of the plan", self.frozen.sha256),
            ("Software", self.frozen.software),
        )


def build_preregistration(
    source: PlanSource,
    *,
    frozen: FrozenPlan | None = None,
    changes: Sequence[str] = (),
    status: str = NOT_FROZEN,
) -> Preregistration:
    """Return the document of a study's plan; ``status`` is what it says of itself where it is only shown."""
    built = [build(source) for build in SECTIONS]
    return Preregistration(
        title=source.study.title,
        sections=tuple(section for section in built if section is not None),
        collected=source.collected,
        frozen=frozen,
        changes=tuple(changes),
        status=status,
        figures=count_figures(source),
    )


def count_figures(source: PlanSource) -> Facts:
    """Return the key figures of a plan: participants, analyses that decide, their families, others."""
    study = source.study
    decisive = [analysis for analysis in study.analyses if analysis.standing == "confirmatory"]
    families = {analysis.effective_family for analysis in decisive}
    minutes = sum(source.minutes.values())
    return Facts(
        (
            Fact(str(study.participants.planned or "–"), "participants planned"),
            *(
                [Fact(f"{minutes:.0f} min", "a participant", count_noun(len(study.visits), "session"))]
                if minutes
                else []
            ),
            Fact(str(len(decisive)), "confirmatory analyses", count_noun(len(families), "family", "families")),
            Fact(str(len(study.analyses) - len(decisive)), "exploratory analyses"),
        )
    )


def write_preregistration(document: Preregistration) -> str:
    """Return the document as Markdown."""
    parts = [f"# {document.title}", "Preregistration" if document.frozen else "Plan"]
    parts.append("\n".join(f"- {name}: {value}" for name, value in document.facts))
    if document.warning:
        parts.append(f"> **{document.warning}**")
    if document.changes:
        parts.append("Changed since the version before:")
        parts.append("\n".join(f"- {change}" for change in document.changes))
    parts.append(write_markdown(document.sections))
    if document.frozen is not None:
        parts.append("---\n\n" + verify_hash())
    return "\n\n".join(parts) + "\n"


def verify_hash() -> str:
    """Return how the hash of a plan is computed anew."""
    return (
        "plan/frozen.json holds every setting of the plan. Its hash is the SHA-256 of the value of its field plan, "
        "written as JSON with sorted keys and no spaces, in UTF-8."
    )


def render_preregistration(document: Preregistration) -> str:
    """Return the page. It holds its own styles, asks no network and has no script."""
    template = make_environment().get_template("preregistration.html.j2")
    folder = files("mimicrylab.report") / "templates"
    styles = [(folder / name).read_text(encoding="utf-8") for name in ("report.css", "preregistration.css")]
    page = template.render(
        document=document,
        sections=number_items(document.sections),
        policy=POLICY,
        style=Markup("\n".join(styles)),
        verify=verify_hash(),
        version=__version__,
    )
    return EMPTY_NOTE.sub("", FILES.sub("", page))
