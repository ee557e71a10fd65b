"""What participants agree to, in tiers and, where there is a cover story, a second time after they learn the truth."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Name, Settings, Text

TierName = Literal["movements", "video", "reuse", "sharing", "stills", "retention"]
"""movements: the coded movements are analysed; video: the video is kept; reuse: for further studies of this group;
sharing: with other researchers; stills: pictures may be shown; retention: kept longer than the study needs."""


class ConsentTier(Settings):
    """One thing that can be agreed to."""

    name: TierName
    """movements, video, reuse, sharing, stills or retention."""
    required: bool = False
    """Whether taking part is impossible without it."""
    keep_months: Annotated[int, Field(gt=0)] | None = None
    """How long what this tier allows is kept, in months from the visit; empty: as long as the study's records."""


class Consent(Settings):
    """The consent, its tiers, and the second one after disclosure."""

    version: Text = "1"
    """Version of the text; stored with each participant."""
    text: Name = "consent"
    """The text: texts/<name>.<language>.md."""
    tiers: tuple[ConsentTier, ...] = (ConsentTier(name="movements", required=True),)
    """What can be agreed to, in order."""
    second_text: Name | None = None
    """The second consent, asked after the disclosure of a cover story; who declines then is withdrawn, data and all."""

    @model_validator(mode="after")
    def _check_tiers(self) -> Consent:
        names = [tier.name for tier in self.tiers]
        if len(set(names)) != len(names):
            raise ValueError("a tier is given twice")
        return self


class CoverStory(Settings):
    """What participants are told the study is about while it runs, where that is not the whole truth."""

    text: Name
    """What they are told: texts/<name>.<language>.md."""
    filming_disclosed: bool = True
    """Whether they know that this very task is filmed (False: they agreed to filming in general only)."""


class Debriefing(Settings):
    """One stage of the debriefing: first questions that do not give anything away, then the truth."""

    name: Name
    """Name that steps refer to."""
    text: Name
    """texts/<name>.<language>.md."""
    discloses: bool = False
    """Whether this stage tells the true purpose; the second consent follows it."""
