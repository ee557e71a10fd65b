"""What happens when: visits and their steps, one after another, with planned times."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from mimicrylab.protocol.settings import Name, Settings, Text

STEP_KINDS = (
    "text",
    "consent",
    "eligibility",
    "form",
    "scale",
    "measurement",
    "camera",
    "rest_s",
    "block",
    "blocks",
    "probe",
    "debriefing",
)
"""What a step can be; each step names exactly one."""


class Step(Settings):
    """One step of a visit. It names exactly one thing to do (see STEP_KINDS)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [kind]} for kind in STEP_KINDS]})

    text: Name | None = None
    """A page to read: texts/<name>.<language>.md."""
    consent: Literal["first", "second"] | None = None
    """The consent, or the second one after disclosure."""
    eligibility: Literal["participant", "experimenter", "physician", "form"] | None = None
    """The eligibility rules that this person confirms (``form``: those that answers decide)."""
    form: Name | None = None
    """A form."""
    scale: Name | None = None
    """A questionnaire."""
    measurement: Name | None = None
    """A measurement by the experimenter."""
    camera: Literal["preview", "no_preview"] | None = None
    """Camera set-up, with the participant's own picture shown or not. During trials it is never shown."""
    rest_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    """Seconds of rest before the camera, for the person's own resting face."""
    block: Name | None = None
    """One block of trials."""
    blocks: tuple[Name, ...] = ()
    """Several blocks, in the order that ``order`` says."""
    probe: Name | None = None
    """A form that asks what the participant thinks the study was about; before any disclosure."""
    debriefing: Name | None = None
    """A stage of the debriefing."""
    name: Name | None = None
    """Name that ``after`` and ``or_after`` can refer to; empty: the name of what is shown."""
    occasion: Text | None = None
    """Which of several times this is (consent, +35 min, end); needed where something is asked twice."""
    order: Literal["fixed", "random", "latin_square"] = "fixed"
    """Order of ``blocks``: as written, random for each participant, or balanced over participants."""
    first: tuple[Name, ...] = ()
    """Blocks that open a random order."""
    last: tuple[Name, ...] = ()
    """Blocks that close a random order."""
    after: Name | None = None
    """The step from whose start ``at_minutes`` counts."""
    at_minutes: Annotated[float, Field(ge=0)] | None = None
    """Starts this many minutes after the start of ``after``, and waits until then."""
    tolerance_minutes: Annotated[float, Field(ge=0)] | None = None
    """A start further from the plan than this is noted as a deviation."""
    or_after: tuple[Name, ...] = ()
    """Counterbalanced place: part of the participants meet the step here, the others after one of these steps."""
    minutes: Annotated[float, Field(ge=0)] | None = None
    """Expected length, for the plan; empty: estimated from what is shown."""

    @property
    def kind(self) -> str:
        """Which of STEP_KINDS this step is."""
        return next(kind for kind in STEP_KINDS if getattr(self, kind))

    @property
    def label(self) -> str:
        """The name that other steps use for this one."""
        if self.name is not None:
            return self.name
        if self.kind == "blocks":
            return "+".join(self.blocks)
        if self.kind in {"consent", "camera", "eligibility", "rest_s"}:
            return self.kind.removesuffix("_s")
        return str(getattr(self, self.kind))

    @model_validator(mode="after")
    def _check_step(self) -> Step:
        given = [kind for kind in STEP_KINDS if getattr(self, kind)]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            raise ValueError(f"a step is exactly one of {', '.join(STEP_KINDS)}; found {found}")
        if (self.after is None) != (self.at_minutes is None):
            raise ValueError("after and at_minutes belong together")
        if self.tolerance_minutes is not None and self.at_minutes is None:
            raise ValueError("tolerance_minutes needs after and at_minutes")
        if not self.blocks and (self.order != "fixed" or self.first or self.last):
            raise ValueError("order, first and last belong to blocks")
        if self.blocks:
            self._check_blocks()
        return self

    def _check_blocks(self) -> None:
        if len(set(self.blocks)) != len(self.blocks):
            raise ValueError("a block is named twice; to show it twice, declare it under two names")
        unknown = [name for name in (*self.first, *self.last) if name not in self.blocks]
        if unknown:
            raise ValueError(f"first and last must be among blocks; {unknown[0]!r} is not")
        if self.order == "fixed" and (self.first or self.last):
            raise ValueError("first and last need order: random or latin_square")


class Visit(Settings):
    """One session: what happens at one time and place."""

    name: Name
    """Name of the session, as tables use it."""
    place: Literal["online", "laboratory"] = "online"
    """Where it takes place."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """The steps, in order."""


class Camera(Settings):
    """How the face is recorded. The participant's own picture is never shown during trials."""

    record: Literal["task", "blocks", "nothing"] = "task"
    """task: from the first block to the end of the last, what is in between included; blocks: only while blocks run;
    nothing: no recording (the data come from elsewhere)."""
    audio: bool = False
    """Whether sound is recorded. Off: voices identify people and mimicry does not need them."""
    keep_video: bool = True
    """Whether the video is kept, from those who agree; False: only the movements."""
    minimum_fps: Annotated[float, Field(gt=0, le=240)] = 25.0
    """Frame rate below which the camera check warns."""


class Setup(Settings):
    """Conditions of the laboratory that the methods section reports."""

    distance_cm: Annotated[float, Field(gt=0)] | None = None
    """Distance from the screen."""
    alone: bool = True
    """Whether the participant is alone in the room during the task."""
    hands: Text | None = None
    """Where the hands are asked to rest."""
    camera: Text | None = None
    """Model of the camera."""
