"""Options that several commands have in common: declared once as a class, taken by a command as one value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from typing import Any, get_type_hints

import typer

OPTION = "option"
"""Key of a field's metadata that holds its ``typer.Option``."""


def take_options(**groups: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command the options of ``groups``, a frozen dataclass each.

    The command's parameter of a group's name gets the group's value; on the command line each of the group's fields is
    an option, as the field's metadata declares it.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command)
        hints = get_type_hints(command)
        own = [
            parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in signature.parameters.values()
            if parameter.name not in groups
        ]
        shared = [parameter for group in groups.values() for parameter in _list_parameters(group)]

        @wraps(command)
        def run(**given: Any) -> None:
            values = {
                name: group(**{each.name: given.pop(each.name) for each in fields(group)})
                for name, group in groups.items()
            }
            command(**given, **values)

        parameters = [*own, *shared]
        run.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return run

    return decorate


def _list_parameters(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group)
    return [
        inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=each.metadata[OPTION], annotation=hints[each.name]
        )
        for each in fields(group)
    ]


def split_pairs(pairs: Sequence[str] | None, *, option: str) -> dict[str, str]:
    """Return NAME=VALUE texts as a dictionary.

    Raises
    ------
    typer.BadParameter
        A text is not of that form.
    """
    split = {}
    for pair in pairs or ():
        name, mark, value = pair.partition("=")
        if not (mark and name.strip() and value.strip()):
            raise typer.BadParameter(f"{pair!r} is not of the form NAME=VALUE", param_hint=option)
        split[name.strip()] = value.strip()
    return split
