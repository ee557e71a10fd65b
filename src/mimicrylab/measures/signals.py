"""Which columns a measure is computed of: a coder's own signals, action units, and composites that carry their units.

``AU12`` is the coder's column of that name, or the one that its program writes for it (OpenFace's ``AU12_r`` for
amplitudes, ``AU12_c`` for presence), or the one that is declared to stand for it (AFFDEX's ``Smile``, the muscle
zygomaticus major): so one plan speaks of action units, whichever coder there is. A composite is the mean of its action
units, frame by frame; which units belong to it is declared, never chosen by what the coder happens to measure: a
composite with an unmeasured unit has no value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from mimicrylab.coding.coder import Signal
from mimicrylab.coding.emotions import COMPOSITE_UNIT, express_composite, find_composite
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.registry import list_registered, load_registered

ACTION_UNIT = re.compile(r"^AU\d\d[LR]?$")
ACTION_UNIT_COLUMN = re.compile(r"^AU\d\d(_r|_c)?$")
RANGE = re.compile(r"^(\d+)(?:-| or )(\d+)")
INTENSITY_SUFFIX = "_r"
FLAG_SUFFIX = "_c"
FLAG_UNIT = "0 or 1"
UNKNOWN_UNIT = "the coder's own"
CONGRUENT = "congruent"
EMOTION = "emotion"


@dataclass(frozen=True)
class CoderSignals:
    """What is known of a coder's columns: which its frames have, and what it declares of them."""

    coder: str
    columns: tuple[str, ...]
    declared: Mapping[str, Signal] = field(default_factory=dict)

    def find_column(self, signal: str, *, flags: bool = False) -> str | None:
        """Return the column of a signal or action unit; None where the coder does not measure it.

        ``flags`` asks for the coder's own presence column before its intensity.

        Examples
        --------
        >>> openface = CoderSignals("openface", ("AU12_r", "AU12_c"))
        >>> openface.find_column("AU12"), openface.find_column("AU12", flags=True), openface.find_column("AU06")
        ('AU12_r', 'AU12_c', None)
        """
        candidates = [signal]
        if ACTION_UNIT.match(signal):
            suffixes = (FLAG_SUFFIX, "", INTENSITY_SUFFIX) if flags else ("", INTENSITY_SUFFIX)
            candidates = [f"{signal}{suffix}" for suffix in suffixes] + self._list_standing_for(signal, flags=flags)
        for column in candidates:
            declared = self.declared.get(column)
            if column in self.columns and (declared is None or declared.standing != "not measured"):
                return column
        return None

    def _list_standing_for(self, action_unit: str, *, flags: bool) -> list[str]:
        """Return the columns that are declared to stand for an action unit: flags first, or without them."""
        names = [name for name, signal in self.declared.items() if signal.action_unit == action_unit]
        is_flag = {name: self.declared[name].unit == FLAG_UNIT for name in names}
        amounts = [name for name in names if not is_flag[name]]
        return [name for name in names if is_flag[name]] + amounts if flags else amounts

    def unit(self, column: str) -> str:
        """Return the unit of a column."""
        declared = self.declared.get(column)
        return declared.unit if declared and declared.unit else UNKNOWN_UNIT

    def find_strong(self, column: str) -> float | None:
        """Return how far a strong movement goes in the column's unit: as declared, else the top of its range."""
        declared = self.declared.get(column)
        return None if declared is None else declared.strong or declared.maximum


@dataclass(frozen=True)
class Target:
    """What one number is computed of.

    ``members`` are the signals that it stands for (one, or a composite's action units), ``columns`` the frames' columns
    of these and ``units`` the columns' units; ``expression`` computes a composite from columns named after its members;
    ``obstacle`` says why it cannot be measured, and is None where it can; ``unit`` is that of its values.
    """

    name: str
    members: tuple[str, ...]
    columns: tuple[str, ...]
    units: tuple[str, ...]
    unit: str
    obstacle: str | None = None
    expression: pl.Expr | None = field(default=None, compare=False)
    strong: tuple[float | None, ...] = ()


def read_coder_signals(coder: str, columns: Collection[str]) -> CoderSignals:
    """Return what the coder, or the reader of its files, declares for the frames' columns.

    A coder that is not registered here (another laboratory's program) declares nothing. A reader declares units only;
    the range is read from them ("0-5", "0 or 1").
    """
    return CoderSignals(coder, tuple(columns), _read_declared(coder))


def list_strong(coder: str, action_units: Iterable[str]) -> dict[str, float]:
    """Return how far a strong movement of each action unit goes in the coder's unit, where the coder declares it.

    Examples
    --------
    >>> list_strong("landmarker", ["AU12", "AU06"])
    {'AU12': 0.19}
    """
    declared = _read_declared(coder)
    signals = CoderSignals(coder, tuple(declared), declared)
    sizes = {unit: signals.find_strong(signals.find_column(unit) or unit) for unit in action_units}
    return {unit: size for unit, size in sizes.items() if size}


def _read_declared(coder: str) -> dict[str, Signal]:
    declared: dict[str, Signal] = {}
    if coder in {part.name for part in list_registered("mimicrylab.readers")}:  # also of a program that can be run
        loaded = load_registered("mimicrylab.readers", coder)
        made = loaded() if isinstance(loaded, type) else loaded
        about = made.description
        declared = {name: _declare(name, unit, about.action_units.get(name)) for name, unit in about.signals.items()}
    elif coder in {part.name for part in list_registered("mimicrylab.coders")}:
        loaded = load_registered("mimicrylab.coders", coder)
        made = loaded() if isinstance(loaded, type) else loaded
        declared = {signal.name: signal for signal in made.description.signals}
    return declared


def _declare(name: str, unit: str, action_unit: str | None) -> Signal:
    found = RANGE.match(unit)
    low, high = (float(found[1]), float(found[2])) if found else (None, None)
    return Signal(name, unit, "measured", name, minimum=low, maximum=high, action_unit=action_unit)


def name_composite(emotion: str, action_units: Iterable[str]) -> str:
    """Return the name of a composite, which carries its action units.

    Examples
    --------
    >>> name_composite("happiness", ["AU06", "AU12", "AU25"])
    'happiness[AU06+AU12+AU25]'
    """
    return f"{emotion}[{'+'.join(action_units)}]"


def find_targets(
    wanted: Sequence[str],
    signals: CoderSignals,
    *,
    congruence: Mapping[str, Sequence[str]],
    flags: bool = False,
) -> tuple[Target, ...]:
    """Return what a measure is to be computed of.

    Parameters
    ----------
    wanted
        Entries of ``MeasureRequest.signals``; empty: every action unit that the coder measures, and the congruent
        composites (or, for a coder without action units, every column).
    signals
        The coder's columns.
    congruence
        Emotion -> its congruent action units.
    flags
        Whether the coder's own presence columns go before its intensities.

    Raises
    ------
    InputError
        A composite that was asked for by name has an action unit that the coder does not measure.
    UnknownNameError
        The coder has no such signal, or the table of emotions no such composite.
    """
    if not wanted:
        units = _list_action_units(signals, flags=flags)
        single = [_make_single(name, signals, flags=flags) for name in units or signals.columns]
        return (*single, *_make_congruent(congruence, signals, flags=flags))
    targets: dict[str, Target] = {}
    for entry in wanted:
        for target in _find_entry(entry, signals, congruence, flags=flags):
            targets.setdefault(target.name, target)
    return tuple(targets.values())


def _find_entry(
    entry: str, signals: CoderSignals, congruence: Mapping[str, Sequence[str]], *, flags: bool
) -> tuple[Target, ...]:
    kind, _, name = entry.partition(":")
    if kind == CONGRUENT:
        if name and name not in congruence:
            raise UnknownNameError("emotion with congruent action units:", name, congruence, where=f"signal {entry!r}")
        chosen = {name: congruence[name]} if name else congruence
        return tuple(_demand(target, signals) for target in _make_congruent(chosen, signals, flags=flags))
    if kind == EMOTION:
        if flags:
            raise InputError(
                f"presence is not defined for {entry!r}, a composite of movements",
                where="measures in study.yaml",
                do="ask for presence of its action units",
            )
        return (_make_emotion(name, signals),)
    if signals.find_column(entry, flags=flags) is None:
        raise UnknownNameError(
            f"signal of the coder {signals.coder!r}:",
            entry,
            {*signals.columns, *_list_action_units(signals, flags=flags)},
            do="mimicrylab coders  lists what each coder measures",
        )
    return (_make_single(entry, signals, flags=flags),)


def _demand(target: Target, signals: CoderSignals) -> Target:
    if target.obstacle:
        raise InputError(
            f"the composite {target.name!r} cannot be measured: {target.obstacle}",
            where=f"coder {signals.coder!r}",
            do="declare in study.yaml, under the stimulus set, which action units count:  congruence: {action_units: "
            "{...}}  (a declaration, made before the data are seen)",
        )
    return target


def _make_single(name: str, signals: CoderSignals, *, flags: bool) -> Target:
    column = signals.find_column(name, flags=flags) or name
    unit = signals.unit(column)
    return Target(name, (name,), (column,), (unit,), unit, strong=(signals.find_strong(column),))


def _make_congruent(
    congruence: Mapping[str, Sequence[str]], signals: CoderSignals, *, flags: bool
) -> tuple[Target, ...]:
    return tuple(
        make_composite(name_composite(emotion, units), units, signals, flags=flags)
        for emotion, units in congruence.items()
        if units
    )


def make_composite(name: str, action_units: Sequence[str], signals: CoderSignals, *, flags: bool = False) -> Target:
    """Return the mean of some action units; what stands in its way is said in ``obstacle``.

    Where the units' columns have different units, each is divided by the size of a strong movement first.
    """
    found = {unit: signals.find_column(unit, flags=flags) for unit in action_units}
    missing = [unit for unit, column in found.items() if column is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        obstacle = f"{' and '.join(missing)} {verb} not measured by {signals.coder}"
        return Target(name, tuple(action_units), (), (), UNKNOWN_UNIT, obstacle)
    columns = tuple(column for column in found.values() if column is not None)
    units = tuple(signals.unit(column) for column in columns)
    strong = tuple(signals.find_strong(column) for column in columns)
    whole = Target(name, tuple(action_units), columns, units, units[0], strong=strong)
    if len(set(units)) == 1:
        return replace(whole, expression=average_columns(action_units))
    known = [size for size in strong if size]
    if len(known) < len(strong):
        listed = "; ".join(sorted(set(units)))
        return replace(whole, obstacle=f"its action units have units that cannot be averaged ({listed})")
    return replace(whole, unit=COMPOSITE_UNIT, expression=average_columns(action_units, sizes=known))


def _make_emotion(name: str, signals: CoderSignals) -> Target:
    """Return a composite of the declared table of emotions, computed as declared there."""
    composite = find_composite(name)
    found = {member: signals.find_column(member) for member in composite.signals}
    there = {member: column for member, column in found.items() if column is not None}
    named = [
        replace(signals.declared[column], name=member) for member, column in there.items() if column in signals.declared
    ]
    expression = express_composite(composite, named)
    columns = tuple(there.values())
    units = tuple(signals.unit(column) for column in columns)
    target = f"{EMOTION}:{composite.name}"  # not the name of the congruent composite, whose formula is another
    return Target(target, composite.signals, columns, units, COMPOSITE_UNIT, expression=expression)


def average_columns(columns: Sequence[str], *, sizes: Sequence[float] = ()) -> pl.Expr:
    """Return the mean of some columns, each divided by its size, frame by frame; null where one of them is null.

    Examples
    --------
    >>> frame = pl.DataFrame({"a": [1.0, 1.0], "b": [3.0, None]})
    >>> frame.select(average_columns(["a", "b"], sizes=[0.5, 3.0])).to_series().to_list()
    [1.5, None]
    """
    scales = list(sizes) or [1.0] * len(columns)
    parts = [pl.col(column).cast(pl.Float64) / scale for column, scale in zip(columns, scales, strict=True)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total / len(parts)


def _list_action_units(signals: CoderSignals, *, flags: bool) -> list[str]:
    """Return the action units (both sides together) that the coder measures, in order."""
    named = {column[:4] for column in signals.columns if ACTION_UNIT_COLUMN.match(column)}
    declared = {
        signal.action_unit
        for name, signal in signals.declared.items()
        if signal.action_unit is not None and name in signals.columns
    }
    names = sorted(named | declared)
    return [name for name in names if signals.find_column(name, flags=flags)]
