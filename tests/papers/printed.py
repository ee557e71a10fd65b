"""When a number agrees with one in print: rounded or cut off to its last digit, as far as its inputs are known."""

from __future__ import annotations

TOLERANCE = 1e-9


def prints_as(value: float, printed: str, *, error: float = 0.0) -> bool:
    """Return whether ``value``, known to ``error``, can be printed as ``printed`` by rounding or by cutting off.

    Examples
    --------
    >>> prints_as(0.0524, ".05"), prints_as(0.0584, ".05"), prints_as(0.061, ".05")
    (True, True, False)
    >>> prints_as(-0.0007, "-.04", error=0.04)
    True
    """
    digits = len(printed.partition(".")[2])
    unit = 10.0**-digits
    error += TOLERANCE
    number = float(printed)
    sign = -1.0 if printed.startswith("-") else 1.0
    return abs(number) - unit / 2 - error <= sign * value < abs(number) + unit + error


def assert_prints(value: float | None, printed: str, *, error: float = 0.0, what: str = "") -> None:
    """Fail where ``value`` cannot be printed as ``printed``."""
    assert value is not None, what
    assert prints_as(value, printed, error=error), f"{what}: {value:.5f} is not {printed}"
