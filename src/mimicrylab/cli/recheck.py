"""``mimicrylab recheck``: printed results against themselves."""

from __future__ import annotations

from pathlib import Path

import typer


def recheck(
    what: Path = typer.Argument(
        None, help="File of printed results (YAML or CSV), or the folder of a study whose own results are checked."
    ),
    example: str = typer.Option(
        None, "--example", help="Check a published study that comes with MimicryLab: kovalchuk-2022 or pavarini-2019."
    ),
    show: bool = typer.Option(False, "--show", help="With --example: print its file, to start your own from."),
    as_json: bool = typer.Option(False, "--json", help="Print what was found as JSON for a script."),
) -> None:
    """Check whether printed results agree with each other, to the last digit.

    Degrees of freedom from people and outcomes, t from means and SDs, p from its statistic, intervals, effect sizes,
    R squared, means across tables, counts: what contradicts itself is told with what is printed, what follows, what
    that means and how sure it is. Rounded and cut-off digits are both accepted, and it is said which.

    How a file of printed results looks: docs/recheck.md, or --example NAME --show. Of a study, its own results are
    checked: unrounded, over families, against the tables that the models saw. Exit code 1: there is a contradiction.
    """
    import json

    from mimicrylab.pipeline.recheck import list_lines, recheck_example
    from mimicrylab.pipeline.recheck import recheck as recheck_path
    from mimicrylab.stats.recheck.reading import read_example

    if (what is None) == (example is None):
        raise typer.BadParameter("name a file or a study, or --example NAME")
    if show:
        if example is None:
            raise typer.BadParameter("--show belongs to --example NAME")
        typer.echo(read_example(example), nl=False)
        return
    found = recheck_example(example) if example is not None else recheck_path(what)
    if as_json:
        answer = {
            "title": found.title,
            "checked": found.checked,
            "findings": [finding.to_dict() for finding in found.findings],
        }
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        for line in list_lines(found):
            typer.echo(line)
    if found.slips:
        raise typer.Exit(1)
