"""Numbers as the words of a figure say them."""

from __future__ import annotations

from mimicrylab.report.wording import format_number


def write_estimate(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Return an estimate with its interval, where it has one.

    Examples
    --------
    >>> write_estimate(0.27, 0.23, 0.31), write_estimate(0.27), write_estimate(None)
    ('0.27 [0.23, 0.31]', '0.27', 'no value')
    """
    if value is None:
        return "no value"
    text = format_number(value)
    return text if low is None or high is None else f"{text} [{format_number(low)}, {format_number(high)}]"
