"""The base of every setting read from study.yaml: strict, frozen, and closed to unknown names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A group of settings. Unknown names are refused, values are not coerced, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
