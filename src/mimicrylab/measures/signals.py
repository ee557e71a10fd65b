"""Which columns a measure is computed of: a coder's own signals, action units, and composites that carry their units.

``AU12`` is the coder's column of that name, or the one that its program writes for it (OpenFace's ``AU12_r`` for
amplitudes, ``AU12_c`` for presence). A composite is the mean of its action units, frame by frame; which units belong
to it is declared, never chosen by what the coder happens to measure: a composite with an unmeasured unit has no value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mimicrylab.coding.coder import Standing
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.registry import list_registered, load_registered

ACTION_UNIT = re.compile(r"^AU\d\d[LR]?$")
ACTION_UNIT_COLUMN = re.compile(r"^AU\d\d(_r|_c)?$")
INTENSITY_SUFFIX = "_r"
FLAG_SUFFIX = "_c"
UNKNOWN_UNIT = "the coder's own"
CONGRUENT = "congruent"
EMOTION = "emotion"


@dataclass(frozen=True)
class CoderSignals:
    """What is known of a coder's columns: their units and standings, and which columns its frames have."""

    coder: str
    columns: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def find_column(self, signal: str, *, flags: bool = False) -> str | None:
        """Return the column of a signal or action unit; None where the coder does not measure it.

        ``flags`` asks for the coder's own presence column before its intensity.

        Examples
        --------
        >>> openface = CoderSignals("openface", ("AU12_r", "AU12_c"))
        >>> openface.find_column("AU12"), openface.find_column("AU12", flags=True), openface.find_column("AU06")
        ('AU12_r', 'AU12_c', None)
        """
        suffixes = (FLAG_SUFFIX, "", INTENSITY_SUFFIX) if flags else ("", INTENSITY_SUFFIX)
        candidates = [signal]
        if ACTION_UNIT.match(signal):
            candidates = [f"{signal}{suffix}" for suffix in suffixes]
        for column in candidates:
            if column in self.columns and self.standings.get(column) != "not measured":
                return column
        return None

    def unit(self, column: str) -> str:
        """Return the unit of a column."""
        return self.units.get(column) or UNKNOWN_UNIT


@dataclass(frozen=True)
class Target:
    """What one number is computed of.

    ``columns`` are the frames' columns (several for a composite, averaged frame by frame) and ``units`` theirs;
    ``obstacle`` says why it cannot be measured, and is None where it can.
    """

    name: str
    columns: tuple[str, ...]
    units: tuple[str, ...]
    obstacle: str | None = None

    @property
    def unit(self) -> str:
        """The unit of its values; "mixed" for a composite of several."""
        return self.units[0] if len(set(self.units)) == 1 else "mixed" if self.units else UNKNOWN_UNIT

    @property
    def is_composite(self) -> bool:
        """Whether several columns are averaged."""
        return len(self.columns) > 1


def read_coder_signals(coder: str, columns: Collection[str]) -> CoderSignals:
    """Return the units and standings that the coder, or the reader of its files, declares for the frames' columns.

    A coder that is not registered here (a column of another laboratory's program) has no declared units.
    """
    units: dict[str, str] = {}
    standings: dict[str, Standing] = {}
    if coder in {part.name for part in list_registered("mimicrylab.coders")}:
        loaded = load_registered("mimicrylab.coders", coder)
        for signal in (loaded() if isinstance(loaded, type) else loaded).description.signals:
            units[signal.name] = signal.unit
            standings[signal.name] = signal.standing
    elif coder in {part.name for part in list_registered("mimicrylab.readers")}:
        loaded = load_registered("mimicrylab.readers", coder)
        units.update((loaded() if isinstance(loaded, type) else loaded).description.signals)
    return CoderSignals(coder, tuple(columns), units, standings)


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
        The coder has no such signal.
    """
    if not wanted:
        units = _list_action_units(signals)
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
    kind, _, emotion = entry.partition(":")
    if kind == CONGRUENT:
        if emotion and emotion not in congruence:
            raise UnknownNameError(
                "emotion with congruent action units:", emotion, congruence, where=f"signal {entry!r}"
            )
        chosen = {emotion: congruence[emotion]} if emotion else congruence
        return tuple(_demand(target, signals) for target in _make_congruent(chosen, signals, flags=flags))
    if signals.find_column(entry, flags=flags) is None:
        raise UnknownNameError(
            f"signal of the coder {signals.coder!r}:",
            entry,
            {*signals.columns, *_list_action_units(signals)},
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
    return Target(name, (column,), (signals.unit(column),))


def _make_congruent(
    congruence: Mapping[str, Sequence[str]], signals: CoderSignals, *, flags: bool
) -> tuple[Target, ...]:
    return tuple(
        make_composite(name_composite(emotion, units), units, signals, flags=flags)
        for emotion, units in congruence.items()
        if units
    )


def make_composite(name: str, action_units: Sequence[str], signals: CoderSignals, *, flags: bool = False) -> Target:
    """Return the composite of some action units; what stands in its way is said in ``obstacle``."""
    columns = {unit: signals.find_column(unit, flags=flags) for unit in action_units}
    missing = [unit for unit, column in columns.items() if column is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        return Target(name, (), (), f"{' and '.join(missing)} {verb} not measured by {signals.coder}")
    found = tuple(column for column in columns.values() if column is not None)
    units = tuple(signals.unit(column) for column in found)
    if len(set(units)) > 1 and not flags:
        return Target(name, found, units, f"its action units have different units ({'; '.join(sorted(set(units)))})")
    return Target(name, found, units)


def _list_action_units(signals: CoderSignals) -> list[str]:
    """Return the action units (both sides together) that the coder measures, in order."""
    columns = [column for column in signals.columns if ACTION_UNIT_COLUMN.match(column)]
    measured = [column for column in columns if signals.standings.get(column) != "not measured"]
    return sorted({column[:4] for column in measured})
