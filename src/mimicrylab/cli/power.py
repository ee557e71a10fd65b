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
        "Compute how many participants a study needs, with which power, and which effect it can find.\n\n"
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


@app.command("study", short_help="The study's own plan, by simulation.")
def study_command(
    study: Path = typer.Argument(Path(), help="Folder of the study; this one if left out."),
    people: str | None = typer.Option(
        None, "--people", "-n", help="Participants who take part, such as 40,80,120; the planned number if left out."
    ),
    runs: int = typer.Option(500, "--runs", min=1, help="Simulated studies for each number of participants."),
    analysis: list[str] = typer.Option(
        [], "--analysis", help="Analysis whose power is asked for (repeatable); the confirmatory ones if left out."
    ),
    effect: list[str] = typer.Option(
        [],
        "--effect",
        help="What is true (repeatable): mimicry=.5 (d_z), mimicry.happiness=15% (of a full movement), "
        "treatment=.4 (d), trait=.3 (correlation), sex=.8 (of the trait, d), or none.",
    ),
    full_frames: bool = typer.Option(
        False, "--full-frames", help="Make every frame of every visit: a slower check of the fast way."
    ),
    processes: int | None = typer.Option(
        None, "--processes", "-j", min=1, help="Studies simulated at the same time; as many as processors if left out."
    ),
    seed: int = typer.Option(1, "--seed", min=0, help="The same seed gives the same simulated studies."),
    out: Path | None = typer.Option(None, "--out", help="Folder for the results; STUDY/power if left out."),
    as_json: bool = AS_JSON,
) -> None:
    """Simulate the study many times, with its stimuli, measures, losses and corrections, and run its own plan.

    People are drawn with known mimicry, their faces are made and measured, recordings are lost to quality as in life,
    and the declared analyses run. The power of a test is how often it is significant; with --effect none it is how
    often it is wrong. Whatever is simulated is kept: an interrupted command goes on where it was, and more --runs add
    to it. Example: mimicrylab power study my-study --people 60,100,140 --effect treatment=.5
    """
    import json

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from mimicrylab.power.study_power import describe_power, list_lines, read_people, simulate_power

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("simulated studies", total=None)
        found = simulate_power(
            study,
            people=read_people(people),
            runs=runs,
            analyses=analysis,
            effects=effect,
            full_frames=full_frames,
            processes=processes,
            seed=seed,
            out=out,
            watch=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        typer.echo(json.dumps(describe_power(found), indent=2, ensure_ascii=False))
        return
    for line in list_lines(found):
        typer.echo(line)
    typer.echo(f"\n{found.files[0].parent}: power.csv, power.svg, power.json")


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
