"""A questionnaire as the text of its data file."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML

from mimicrylab.protocol.scales import Scale

LINE = 120
HEAD = "# Key only. The wording belongs to its owner and is not part of this file.\n"


def write_scale(scale: Scale) -> str:
    """Return the data file of a questionnaire; what it leaves out is not written. ``parse_scale`` reads it back."""
    content: dict[str, Any] = scale.model_dump(mode="json", exclude_none=True)
    if not scale.fillers:
        del content["fillers"]
    for score in content["scores"]:
        for name in [name for name, value in score.items() if value in ([], False)]:
            del score[name]
    for key in content["keys"]:
        key["points"] = [int(points) if points == int(points) else points for points in key["points"]]
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.width = LINE
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    yaml.dump(content, stream)
    return HEAD + stream.getvalue()
