"""Asking for the passphrase of a sealed list: from a file, or typed unseen. It is never stored."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from mimicrylab.errors import InputError, MissingError


def ask_passphrase(file: Path | None, *, confirm: bool) -> str:
    """Return the passphrase from the first line of ``file``, or ask for it on the terminal (twice with ``confirm``)."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise MissingError("the file with the passphrase cannot be read", where=str(file)) from error
        except UnicodeDecodeError as error:
            raise InputError("the file with the passphrase is not in UTF-8", where=str(file)) from error
        if not lines or not lines[0]:
            raise InputError("the file with the passphrase is empty", where=str(file))
        return lines[0]
    if not sys.stdin.isatty():
        raise InputError(
            "a passphrase is needed and there is no terminal to type it on", do="name a file: --passphrase-file FILE"
        )
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))
