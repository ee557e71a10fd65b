"""The base of every setting read from study.yaml: strict, frozen, and closed to unknown names.

The text below a field is its documentation: docs/study-file.md and the JSON Schema are rendered from it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=64)]
"""A name that other parts refer to: letters, digits, ``_ . + -``, no spaces, so that it can name a file or column."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""Words for people: anything but empty."""


class Settings(BaseModel):
    """A group of settings. Unknown names are refused, values are not coerced, and nothing changes after reading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )
