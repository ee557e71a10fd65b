"""What is asked in single fields (demographics, measurements) and who may take part."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Name, Settings, Text

FieldKind = Literal["choice", "several", "yes_no", "number", "text"]


class FormField(Settings):
    """One field of a form or of a measurement."""

    name: Name
    """Short name; becomes the item of the answer."""
    label: Text
    """The question, in the study's first language."""
    labels: dict[str, Text] = Field(default_factory=dict)
    """The question in further languages, by language code."""
    kind: FieldKind = "choice"
    """choice (one of several), several (any of several), yes_no, number, or text."""
    choices: tuple[Text, ...] = ()
    """Answers offered, for the kinds choice and several."""
    minimum: float | None = None
    """Smallest number accepted, for the kind number."""
    maximum: float | None = None
    """Largest number accepted, for the kind number."""
    unit: str = ""
    """Unit of a number (mmHg, IU, years)."""
    required: bool = False
    """Whether the page insists on an answer. Ethics boards often want every field optional."""
    column: Name | None = None
    """Column of the participants table that takes the answer (sex, age, age_band, ethnicity, glasses, or a new one)."""

    @model_validator(mode="after")
    def _check_kind(self) -> FormField:
        if self.kind in {"choice", "several"} and len(self.choices) < 2:
            raise ValueError(f"a field of kind {self.kind!r} needs at least two choices")
        if self.kind not in {"choice", "several"} and self.choices:
            raise ValueError(f"choices belong to the kinds choice and several, not to {self.kind!r}")
        if len(set(self.choices)) != len(self.choices):
            raise ValueError("a choice is given twice")
        if self.kind != "number" and (self.minimum is not None or self.maximum is not None):
            raise ValueError(f"minimum and maximum belong to the kind number, not to {self.kind!r}")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum:g}) is greater than maximum ({self.maximum:g})")
        return self


class Form(Settings):
    """Fields asked together on one page: demographics, an awareness probe."""

    name: Name
    """Name that steps refer to."""
    text: Name | None = None
    """Introduction above the fields: texts/<name>.<language>.md."""
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    """The fields, in order."""


class Measurement(Settings):
    """Something that the experimenter measures, gives or notes: a dose, blood pressure, an adverse event."""

    name: Name
    """Name that steps refer to."""
    text: Name | None = None
    """Instruction for the experimenter: texts/<name>.<language>.md."""
    by: Text = "experimenter"
    """Who does it (experimenter, physician, participant)."""
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    """What is written down."""
    anytime: bool = False
    """Can be noted at any time of a visit, as often as needed (adverse events, deviations from the protocol)."""


class EligibilityRule(Settings):
    """One condition of taking part: confirmed by a person, or read off an answer."""

    id: Name
    """Short name; stands in the exclusion log when the rule is not met."""
    text: Text
    """The condition as it is read out or shown."""
    checked_by: Literal["participant", "experimenter", "physician", "form"] = "participant"
    """Who confirms it; ``form``: it follows from the answer to a form's field."""
    field: Name | None = None
    """Field of a form that decides (only with checked_by: form)."""
    minimum: float | None = None
    """Smallest number that is eligible."""
    maximum: float | None = None
    """Largest number that is eligible."""
    one_of: tuple[Text, ...] = ()
    """Answers that are eligible."""

    @model_validator(mode="after")
    def _check_decision(self) -> EligibilityRule:
        decides = self.minimum is not None or self.maximum is not None or bool(self.one_of)
        if self.checked_by == "form" and (self.field is None or not decides):
            raise ValueError("checked_by: form needs field, and minimum, maximum or one_of to decide by")
        if self.checked_by != "form" and (self.field is not None or decides):
            raise ValueError("field, minimum, maximum and one_of belong to checked_by: form")
        return self


class AttentionCheck(Settings):
    """An item with one right answer, mixed into a questionnaire."""

    after_item: Annotated[int, Field(ge=1)]
    """Number of the item that it follows."""
    text: Text
    """The item."""
    answer: Text
    """The answer that shows attention."""


class ScaleUse(Settings):
    """A questionnaire that the study asks."""

    name: Name
    """A registered scale (``mimicrylab scales list``), or one whose file lies in the study's folder scales/."""
    prorate_up_to: Annotated[int, Field(ge=0)] = 0
    """Largest number of missing items for which a total is still computed, from the mean of the answered ones.
    0: any missing item, no total."""
    attention_checks: tuple[AttentionCheck, ...] = ()
    """Items mixed in that tell whether a person reads."""
