"""``mimicrylab import answers``: answers to questionnaires."""

from __future__ import annotations

from pathlib import Path

import typer

from mimicrylab.cli.shared_options import split_pairs


def answers(
    table: Path = typer.Argument(..., help="CSV, TSV, Excel or SPSS: a column an item, or a row an answer."),
    study: Path = typer.Option(Path(), "--study", "-s", help="Folder of the study; this one if left out."),
    column: list[str] = typer.Option(
        [], "--column", metavar="NAME=COLUMN", help="Which column is what: participant=ID. Repeat for each."
    ),
    prefix: list[str] = typer.Option(
        [], "--prefix", metavar="SCALE=NAME", help="What a scale's columns begin with: EQ-60=Q5. Repeat for each."
    ),
    answer: list[str] = typer.Option(
        [], "--answer", metavar="WRITTEN=ANSWER", help="What an answer in the table means: 'agree=slightly agree'."
    ),
    session: str | None = typer.Option(
        None, "--session", help="Visit at which they were answered, where several could."
    ),
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet of a spreadsheet; the first if left out."),
    replace: bool = typer.Option(False, "--replace", help="Let answers take the place of other ones of the study."),
    as_json: bool = typer.Option(False, "--json", help="Print the summary as JSON for a script."),
) -> None:
    """Add answers to the study's questionnaires, in numbers or words, from Qualtrics or any other table.

    A wide table has a column an item (EQ-60_1 or eq1); a long one a row an answer (participant, scale, item, response).
    Every answer is checked against the questionnaire before anything is stored. What is empty is not answered, never 0.
    """
    from mimicrylab.cli.import_summary import print_summary
    from mimicrylab.pipeline.import_answers import import_answers

    summary = import_answers(
        table,
        study,
        columns=split_pairs(column, option="--column"),
        prefixes=split_pairs(prefix, option="--prefix"),
        words=split_pairs(answer, option="--answer"),
        session=session,
        sheet=sheet,
        replace=replace,
    )
    print_summary(summary, as_json=as_json)
