"""The shape of the analysis plan: what is tested, on what, by which model. Running it is the part of ``stats``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.blocks import EmotionName
from mimicrylab.protocol.measurement import Baseline
from mimicrylab.protocol.settings import Name, Settings, Text

Model = Literal[
    "one_sample",
    "two_groups",
    "paired",
    "rank_groups",
    "correlation",
    "regression",
    "multivariate_regression",
    "ancova",
    "moderation",
    "repeated",
    "mixed",
    "prediction",
    "survival",
    "frequencies",
    "description",
]

Dimension = Literal["signal", "emotion", "block", "phase", "model_id", "neutral", "score"]
"""What tells the values of one measure apart; neutral: congruence with and without neutral among the others; score:
every score of a scale (``score: RAAS-1996`` for its closeness, dependence ...)."""

Method = Literal[
    "welch",
    "student",
    "mann_whitney",
    "permutation",
    "t",
    "wilcoxon",
    "sign_flip",
    "equivalence",
    "pearson",
    "spearman",
    "kendall",
    "hc3",
    "ols",
    "cluster",
    "fractional_logit",
    "two_part",
    "linear",
    "ridge",
    "elastic_net",
    "kaplan_meier",
    "cox",
    "chi_square",
    "fisher",
]
"""How a model is computed, where there is a choice."""

Rows = Literal["people", "conditions", "trials"]
"""What one row of a model's table is: a person, a person and stimulus emotion, or a trial."""

PredictionCheck = Literal["nested", "whole_sample", "split_70_30"]
"""How a prediction is judged: repeated nested cross-validation by person; on the rows that it was fitted to; on 30 % of
rows drawn at random, which part the rows of one person between both sides."""


class Contrast(Settings):
    """A weighted difference between conditions."""

    name: Name
    """Name of the contrast in tables."""
    weights: Annotated[dict[str, float], Field(min_length=2)]
    """Weight of each condition; they must sum to 0."""

    @model_validator(mode="after")
    def _check_sum(self) -> Contrast:
        total = sum(self.weights.values())
        if abs(total) > 1e-9:
            raise ValueError(f"the weights sum to {total:g}, not to 0")
        if not any(self.weights.values()):
            raise ValueError("all weights are 0")
        return self


class Predictor(Settings):
    """One variable on the right-hand side, or a set of them."""

    name: Name
    """treatment, congruence, phase, emotion, a scale's score (EQ-60.total), a form's field, or a measure."""
    kind: Literal["treatment", "trait", "within", "covariate", "moderator", "features"]
    """treatment: the arm; trait: differs between people; within: differs within a person; covariate; moderator;
    features: one predictor for each signal of a measure (and each emotion, where ``for_each`` says so)."""
    signals: tuple[Text, ...] = ()
    """Of a measure: action units or composites; empty: those of the outcome, or all congruent ones."""
    emotions: tuple[EmotionName, ...] = ()
    """Of a measure: stimulus emotions; empty: all."""
    for_each: tuple[Dimension, ...] = ("signal",)
    """Features: what makes a predictor of its own."""
    interacts_with: tuple[Name, ...] = ()
    """Predictors that it may change the effect of."""
    block: Name | None = None
    """Block whose measure is meant (a moderator taken from the neutral block)."""
    recode: dict[Name, tuple[Text, ...]] = Field(default_factory=dict)
    """New levels, each with the answers that it gathers (younger: [18-24, 25-34]); other answers are left out."""
    split_at_median: Literal["low_includes_median", "high_includes_median"] | None = None
    """Cuts a score into a low and a high group, as published studies did; it throws information away."""

    @model_validator(mode="after")
    def _check_levels(self) -> Predictor:
        answers = [answer for gathered in self.recode.values() for answer in gathered]
        if len(set(answers)) != len(answers):
            raise ValueError("an answer stands in two levels of recode")
        if self.recode and self.split_at_median is not None:
            raise ValueError("recode and split_at_median exclude each other")
        return self


class Outcome(Settings):
    """What is explained: a measure of named signals, the score of a scale, a rating, or a column of a flat table.

    Everything that is not named in ``for_each`` is averaged over: without it, a person has one value.
    """

    measure: Name | None = None
    """A measure that the study computes."""
    score: Text | None = None
    """A score of a scale (EQ-60.total), a rating (intensity), a form's field, a column, or share_valid: the share of
    valid frames of each trial, excluded ones among them."""
    signals: tuple[Text, ...] = ()
    """Action units or composites; empty: all congruent ones."""
    emotions: tuple[EmotionName, ...] = ()
    """Stimulus emotions; empty: all."""
    for_each: tuple[Dimension, ...] = ()
    """A test of its own for each of these; in multivariate models, an outcome for each signal (and a model for each
    of the rest)."""
    window: Name | None = None
    """Coding window; empty: the measure's own."""
    baseline: Baseline | None = None
    """Baseline; empty: the measure's own."""

    @model_validator(mode="after")
    def _check_one(self) -> Outcome:
        if (self.measure is None) == (self.score is None):
            raise ValueError("an outcome is a measure or a score: exactly one of the two")
        return self


class Analysis(Settings):
    """One planned analysis."""

    id: Name
    """Name of the analysis."""
    hypothesis: Name
    """The hypothesis that it tests (a name under ``hypotheses``)."""
    standing: Literal["confirmatory", "exploratory"] = "confirmatory"
    """confirmatory: decides; exploratory: suggests."""
    family: Name | None = None
    """Tests corrected together; empty: all confirmatory tests of one hypothesis."""
    correction: Literal["holm", "bh", "none"] = "holm"
    """How the family is corrected: holm (family-wise error, default), bh (Benjamini-Hochberg, false discovery rate) or
    none (only as published); one for a whole family."""
    model: Model
    """The statistical model."""
    method: Method | None = None
    """How it is computed; empty: the sound default of the model (docs/analyses.md)."""
    outcome: Outcome
    """What is explained."""
    predictors: tuple[Predictor, ...] = ()
    """What explains it."""
    groups: tuple[Text, ...] = ()
    """Arms or levels compared; empty: all."""
    contrasts: tuple[Contrast, ...] = ()
    """Planned differences."""
    blocks: tuple[Name, ...] = ()
    """Blocks used; empty: all that are analysed."""
    exclusions: tuple[Text, ...] = ()
    """Who or what is left out, beyond the study's quality rules, in words."""
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Level of significance."""
    compared_with: float = 0.0
    """One sample: the value that the mean is tested against (.5 for an area under the curve)."""
    smallest_effect: Annotated[float, Field(gt=0)] | None = None
    """Equivalence: the smallest difference that would matter, in standard deviations (Cohen's d), said beforehand."""
    rows: Rows | None = None
    """What one row of the model's table is; empty: a person, in repeated measures a person and condition, in mixed
    models a trial. Rows of one person are not independent: elsewhere only a plan as published may stack them."""
    validation: PredictionCheck | None = None
    """Prediction: how it is judged; empty: nested. The other two only as published."""
    draws: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Random draws of a permutation, sign-flip or prediction test; empty: the model's own (docs/analyses.md)."""
    slopes: tuple[Name, ...] | None = None
    """Mixed models: predictors whose effect differs between people; empty: all that differ within a person. Fewer only
    where the search does not converge; the report names those left out."""
    as_published: bool = False
    """Repeats a published study's choice where the default would be another; the report names the difference."""
    note: Text | None = None
    """Why this analysis."""

    @model_validator(mode="after")
    def _check_choices(self) -> Analysis:
        if (self.method == "equivalence") != (self.smallest_effect is not None):
            raise ValueError("method: equivalence and smallest_effect need each other")
        if self.compared_with and self.model != "one_sample":
            raise ValueError("compared_with belongs to model: one_sample")
        if self.correction == "none" and not self.as_published:
            raise ValueError("correction: none is for plans as published; a single test needs no correction anyway")
        if self.slopes is not None and self.model != "mixed":
            raise ValueError("slopes belong to model: mixed")
        if self.validation is not None and self.model != "prediction":
            raise ValueError("validation belongs to model: prediction")
        if self.validation not in (None, "nested") and not self.as_published:
            raise ValueError(f"validation: {self.validation} tells nothing of new people; only as_published: true may")
        return self

    @property
    def effective_family(self) -> str:
        """The family it is corrected with."""
        return self.family or self.hypothesis
