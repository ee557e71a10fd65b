"""``mimicrylab power``: how many participants a study needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from mimicrylab.stats.power_designs import Design

app = typer.Typer(
    name="power",
    help=(
        "How many participants does a study need, and which effect can it find?\n\n"
        "For the common tests by formula. Give an effect, and get the number of people: power groups --effect .5. "
        "Give the participants as well, and get the power. Give the participants alone, and get the smallest effect "
        "that they find. For the study's own plan, with its measures, losses and corrections, by simulation: "
        "power study."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)

PEOPLE = typer.Option(None, "--people", "-n", min=1, help="Participants who take part, all groups together.")
POWER = typer.Option(None, "--power", help="Power wanted, such as .9; .8 if left out.", show_default=False)
ALPHA = typer.Option(0.05, "--alpha", help="Level of significance of the two-sided test.")
LOSSES = typer.Option(0.0, "--losses", help="Share of participants lost before the analysis, such as .1.")
CURVE = typer.Option(
    None, "--curve", help="Draw the curve into this file (.svg or .png); its table is written beside it (.csv)."
)
AS_JSON = typer.Option(False, "--json", help="Print JSON for a script.")


@app.command("groups", short_help="Two independent groups.")
def groups_command(
    effect: float | None = typer.Option(None, "--effect", help="Difference in standard deviations (Cohen's d)."),
    people: int | None = PEOPLE,
    power: float | None = POWER,
    ratio: float = typer.Option(1.0, "--ratio", help="Size of the second group, as a multiple of the first."),
    alpha: float = ALPHA,
    losses: float = LOSSES,
    curve: Path | None = CURVE,
    as_json: bool = AS_JSON,
) -> None:
    """Two independent groups: t test.

    Example: mimicrylab power groups --effect .5 --power .8
    """
    from mimicrylab.stats.power_designs import GroupsDesign

    design = GroupsDesign(ratio=ratio)
    _answer(design, effect, people, power, alpha=alpha, losses=losses, curve=curve, as_json=as_json)


@app.command("within", short_help="One score a person, or two conditions.")
def within_command(
    effect: float | None = typer.Option(
        None, "--effect", help="Mean difference by the standard deviation of the differences (d_z)."
    ),
    people: int | None = PEOPLE,
    power: float | None = POWER,
    alpha: float = ALPHA,
    losses: float = LOSSES,
    curve: Path | None = CURVE,
    as_json: bool = AS_JSON,
) -> None:
    """One score a person against 0 (a mimicry index), or two conditions within a person: paired t test.

    Example: mimicrylab power within --effect .3 --power .9
    """
    from mimicrylab.stats.power_designs import WithinDesign

    _answer(WithinDesign(), effect, people, power, alpha=alpha, losses=losses, curve=curve, as_json=as_json)


@app.command("correlation", short_help="A correlation of two scores.")
def correlation_command(
    effect: float | None = typer.Option(None, "--effect", help="Pearson's correlation, such as .3."),
    people: int | None = PEOPLE,
    power: float | None = POWER,
    alpha: float = ALPHA,
    losses: float = LOSSES,
    curve: Path | None = CURVE,
    as_json: bool = AS_JSON,
) -> None:
    """A correlation of two scores, such as mimicry and empathy.

    The correlation is that of the scores as measured: it is smaller than that of the true values by the root of the
    product of both reliabilities. Example: mimicrylab power correlation --effect .3
    """
    from mimicrylab.stats.power_designs import CorrelationDesign

    _answer(CorrelationDesign(), effect, people, power, alpha=alpha, losses=losses, curve=curve, as_json=as_json)


@app.command("regression", short_help="Predictors in a linear regression.")
def regression_command(
    effect: float | None = typer.Option(
        None, "--effect", help="f2: increase of R squared by (1 - R squared); .02 small, .15 medium, .35 large."
    ),
    predictors: int = typer.Option(..., "--predictors", min=1, help="Predictors in the model."),
    tested: int = typer.Option(1, "--tested", min=1, help="Predictors that are tested together."),
    people: int | None = PEOPLE,
    power: float | None = POWER,
    alpha: float = ALPHA,
    losses: float = LOSSES,
    curve: Path | None = CURVE,
    as_json: bool = AS_JSON,
) -> None:
    """Predictors in a linear regression: what they explain beyond the others.

    Example: mimicrylab power regression --predictors 3 --tested 1 --effect .1
    """
    from mimicrylab.stats.power_designs import RegressionDesign

    design = RegressionDesign(predictors, tested)
    _answer(design, effect, people, power, alpha=alpha, losses=losses, curve=curve, as_json=as_json)


@app.command("repeated", short_help="Measurements repeated within persons.")
def repeated_command(
    effect: float | None = typer.Option(None, "--effect", help="f; .1 small, .25 medium, .4 large."),
    tested: str = typer.Option(
        ..., "--tested", help="between (the groups), within (the measurements) or interaction (of both)."
    ),
    measurements: int = typer.Option(..., "--measurements", help="Measurements of each person (emotions, blocks)."),
    groups: int | None = typer.Option(
        None, "--groups", help="Groups of people; 2, or for within 1, if left out.", show_default=False
    ),
    correlation: float = typer.Option(
        0.5, "--correlation", help="Correlation between the measurements of a person; it decides much."
    ),
    epsilon: float = typer.Option(1.0, "--epsilon", help="Correction for nonsphericity, 1 / (measurements - 1) to 1."),
    multivariate: bool = typer.Option(False, "--multivariate", help="MANOVA instead of analysis of variance."),
    people: int | None = PEOPLE,
    power: float | None = POWER,
    alpha: float = ALPHA,
    losses: float = LOSSES,
    curve: Path | None = CURVE,
    as_json: bool = AS_JSON,
) -> None:
    """Measurements repeated within persons, with or without groups: analysis of variance or MANOVA.

    Example, a published oxytocin study's number of participants: mimicrylab power repeated --tested between --groups 2
    --measurements 5 --correlation 0 --effect .2 --power .95
    """
    from mimicrylab.power.answers import make_repeated_design

    design = make_repeated_design(
        tested,
        measurements=measurements,
        groups=groups,
        correlation=correlation,
        epsilon=epsilon,
        multivariate=multivariate,
    )
    _answer(design, effect, people, power, alpha=alpha, losses=losses, curve=curve, as_json=as_json)


def _answer(
    design: Design,
    effect: float | None,
    people: int | None,
    power: float | None,
    *,
    alpha: float,
    losses: float,
    curve: Path | None,
    as_json: bool,
) -> None:
    import json

    from mimicrylab.power.answers import answer_question, describe_answer
    from mimicrylab.power.sentences import summarise_answer, word_answer

    answer = answer_question(design, effect=effect, people=people, power=power, alpha=alpha, losses=losses)
    drawn = None
    if curve is not None:
        from mimicrylab.power.curves import tabulate_curve
        from mimicrylab.power.figures import write_curve

        drawn = write_curve(answer, tabulate_curve(answer), curve)
    if as_json:
        facts = {**describe_answer(answer), "sentence": word_answer(answer)}
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    typer.echo(summarise_answer(answer))
    typer.echo(f"\n{word_answer(answer)}")
    if curve is not None:
        typer.echo(f"\n{curve}: the curve; its table is {drawn}")
