"""What is shown and rated: blocks of trials, their stimuli, times, order and ratings.

A trial runs: ratings before the stimulus, fixation, stimulus, ratings after it, blank.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Name, Settings, Text

EmotionName = Literal["anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"]
Seconds = Annotated[float, Field(ge=0, le=3600)]


class Rating(Settings):
    """One question about a stimulus."""

    name: Name
    """Name that blocks refer to; becomes the scale of the answer."""
    question: Text
    """The question, in the study's first language."""
    questions: dict[str, Text] = Field(default_factory=dict)
    """The question in further languages, by language code."""
    points: Annotated[int, Field(ge=2, le=101)] = 5
    """Number of answers; 101 shows a slider from 0 to 100."""
    low: Text | None = None
    """Label of the lowest answer."""
    high: Text | None = None
    """Label of the highest answer."""
    choices: tuple[Text, ...] = ()
    """Answers of which one is chosen, in place of points. Where they are names of emotions, hits are counted: see
    docs/stimuli.md."""
    when: Literal["after", "before"] = "after"
    """Before or after the stimulus. Time spent rating is no baseline: hand and gaze move."""

    @model_validator(mode="after")
    def _check_answers(self) -> Rating:
        if self.choices:
            if len(self.choices) < 2 or len(set(self.choices)) != len(self.choices):
                raise ValueError("choices needs two or more answers, each once")
            if self.low is not None or self.high is not None:
                raise ValueError("low and high belong to points, not to choices")
        elif self.low is None or self.high is None:
            missing = "low" if self.low is None else "high"
            raise ValueError(f"{missing} is missing: the label of the {missing}est answer (or give choices)")
        return self


class Selection(Settings):
    """Which stimuli a block shows."""

    set: Name
    """The stimulus set."""
    emotions: tuple[EmotionName, ...] = ()
    """Emotions shown; empty: all of the set."""
    models: tuple[Name, ...] = ()
    """Models (persons) shown; empty: all of the set."""
    draw: Literal["all", "one_model", "spread"] = "all"
    """all: every stimulus that fits; one_model: each of the blocks with this selection shows another model, in random
    order; spread: each block shows each emotion once, over the blocks every model shows it once."""
    repeats: Annotated[int, Field(ge=1, le=1000)] = 1
    """How often each stimulus comes within the block."""


class OrderConstraint(Settings):
    """A limit on how often something may come in a row."""

    same: Literal["emotion", "model_id", "stimulus"]
    """What must not repeat."""
    maximum_run: Annotated[int, Field(ge=1)] = 1
    """How many trials in a row may share it."""


class Block(Settings):
    """Trials that belong together."""

    name: Name
    """Name of the block, as tables and analyses use it."""
    role: Literal["baseline", "test", "washout"] = "test"
    """test: analysed; baseline: what test is compared with (a neutral block); washout: shown, never analysed."""
    phase: Name | None = None
    """Phase of the study (before, after), where it is not given by ``phases_around``."""
    text: Name | None = None
    """Instruction before the block: texts/<name>.<language>.md."""
    stimuli: Selection
    """Which stimuli."""
    duration_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    """How long a stimulus is shown; empty: a clip's own length. Images need it."""
    fixation_s: Seconds = 0.0
    """Fixation cross before each stimulus."""
    fixation_jitter_s: Seconds = 0.0
    """The fixation lasts fixation_s plus or minus up to this, drawn at random."""
    blank_s: Seconds = 0.0
    """Empty screen after each trial."""
    blank_jitter_s: Seconds = 0.0
    """The blank lasts blank_s plus or minus up to this, drawn at random."""
    lead_in_s: Seconds = 0.0
    """Empty screen before the first trial, so that it has a baseline too."""
    order: Literal["random", "fixed"] = "random"
    """random, or fixed: as in the manifest."""
    first: tuple[EmotionName, ...] = ()
    """Emotions whose stimuli open the block, in this order."""
    last: tuple[EmotionName, ...] = ()
    """Emotions whose stimuli close the block, in this order."""
    constraints: tuple[OrderConstraint, ...] = ()
    """Limits on repetition in a random order."""
    ratings: tuple[Name, ...] = ()
    """Ratings asked in each trial."""
    ratings_order: Literal["fixed", "random"] = "fixed"
    """Order of several ratings within a trial."""
    scales: tuple[Name, ...] = ()
    """Questionnaires asked after the block."""
    windows: tuple[Name, ...] = ()
    """Coding windows that apply to this block; empty: all."""

    @model_validator(mode="after")
    def _check_times(self) -> Block:
        if self.fixation_jitter_s > self.fixation_s:
            raise ValueError("fixation_jitter_s is greater than fixation_s: a fixation cannot last less than 0 s")
        if self.blank_jitter_s > self.blank_s:
            raise ValueError("blank_jitter_s is greater than blank_s: a blank cannot last less than 0 s")
        both = set(self.first) & set(self.last)
        if both:
            raise ValueError(f"{sorted(both)[0]!r} cannot be both first and last")
        if self.order == "fixed" and self.constraints:
            raise ValueError("constraints belong to order: random")
        return self

    @property
    def analysed(self) -> bool:
        """Whether measures and analyses may use this block (a washout never is)."""
        return self.role != "washout"
