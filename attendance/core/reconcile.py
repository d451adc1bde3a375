"""Why another system's figure differs: our figure, and what each usual reason makes of it.

Each reason is one change of the register: pupils left out, sessions left out, or marks read in
another way. The changed register is counted by ``figures.pupil_counts`` like any other, so that
there is one definition of every count. Only what a reason adds or takes away from each pupil is
kept, which is why combinations can be tried without counting again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.figures import with_absence_flags
from attendance.core.reconcile_parts import Parts, changed, parts_of, touched_by
from attendance.core.reconcile_words import (
    BY_NAME,
    REASONS,
    Fit,
    Measure,
    Method,
    Step,
    Value,
    cut_off,
    rounded,
)

__all__ = ["Parts", "changed", "fits", "parts_of", "touched_by", "value_of", "waterfall"]

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

MOST_REASONS = 3  # more at once would fit almost any figure


def value_of(attended: Ints, absent: Ints, measure: Measure, method: Method, on: date) -> Value:
    """The figure that one row a pupil gives."""
    possible = attended + absent
    if measure.is_of_pupils:
        who = _persistent(attended, absent, method, on)
        above, below = int(who.sum()), int((possible > 0).sum())
        number = Fraction(above) if measure == Measure.PERSISTENT_COUNT else _per_cent(above, below)
        return Value(above, below, number)
    counted = attended if measure == Measure.ATTENDANCE else absent
    above, below = int(counted.sum()), int(possible.sum())
    if method == Method.MEAN:
        return Value(above, below, _mean(counted, possible))
    return Value(above, below, _per_cent(above, below))


def waterfall(parts: Parts, measure: Measure) -> list[Step]:
    """Our figure first, then each reason alone and after those before it, in the fixed order.

    Of two reasons that exclude each other only the first is in the running figure. A way of
    making one number out of pupils comes last, on our figure and on the running one.
    """
    ours = _value(parts, (), measure)
    steps = [Step("ours", "Our school view", "", ours, ours, *_size(parts, measure))]
    running: list[str] = []
    for reason in REASONS:
        alone = _value(parts, (reason.name,), measure)
        is_other = any(BY_NAME[n].instead_of == reason.instead_of != "" for n in running)
        if not is_other:
            running.append(reason.name)
        together = None if is_other else _value(parts, running, measure)
        touched = touched_by(parts, reason.name)
        pupils, sessions = int((touched > 0).sum()), int(touched.sum())
        steps.append(Step(reason.name, reason.title, reason.why, alone, together, pupils, sessions))
    for method in _methods(measure)[1:]:
        alone, together = (_value(parts, names, measure, method) for names in ((), running))
        steps.append(Step(method, _capital(method.words), "", alone, together, 0, 0))
    return steps


def fits(parts: Parts, measure: Measure, theirs: Fraction, decimals: int) -> list[Fit]:
    """The combinations that give the other figure to its decimals, fewest reasons first.

    Reasons that touch no session are not tried; at most MOST_REASONS at once.
    """
    acting = [reason.name for reason in REASONS if touched_by(parts, reason.name).any()]
    found: list[Fit] = []
    for number in range(MOST_REASONS + 1):
        for names in combinations(acting, number):
            if _is_possible(names):
                found += _fits_of(parts, names, measure, theirs, decimals)
        if found:
            return sorted(found, key=lambda fit: (fit.is_cut_off, fit.method != Method.POOLED))
    return found


def _fits_of(
    parts: Parts, names: Sequence[str], measure: Measure, theirs: Fraction, decimals: int
) -> list[Fit]:
    found = []
    attended, absent = changed(parts, names)
    for method in _methods(measure):
        value = value_of(attended, absent, measure, method, parts.on)
        if value.number is None:
            continue
        if rounded(value.number, decimals) == theirs:
            found.append(Fit(tuple(names), method, False, value))
        elif measure != Measure.PERSISTENT_COUNT and cut_off(value.number, decimals) == theirs:
            found.append(Fit(tuple(names), method, True, value))
    return found


def _value(
    parts: Parts, names: Iterable[str], measure: Measure, method: Method = Method.POOLED
) -> Value:
    return value_of(*changed(parts, names), measure, method, parts.on)


def _size(parts: Parts, measure: Measure) -> tuple[int, int]:
    possible = (parts.attended + parts.absent).sum(axis=1)
    return int((possible > 0).sum()), int(possible.sum())


def _methods(measure: Measure) -> tuple[Method, ...]:
    if measure.is_of_pupils:
        return Method.POOLED, Method.WHOLE, Method.ONE_PLACE, Method.BELOW
    return Method.POOLED, Method.MEAN


def _is_possible(names: Sequence[str]) -> bool:
    groups = [BY_NAME[name].instead_of for name in names if BY_NAME[name].instead_of]
    return len(groups) == len(set(groups))


def _persistent(attended: Ints, absent: Ints, method: Method, on: date) -> Mask:
    """Who is persistently absent: by the one rule, on counts as they are or rounded first."""
    possible = attended + absent
    if method == Method.BELOW:
        # In hundredths, less one: at the edge itself the rule then says no.
        return _flags(100 * possible, 100 * absent - 1, on)
    if method == Method.POOLED:
        return _flags(possible, absent, on)
    steps = 100 if method == Method.WHOLE else 1000
    known = np.maximum(possible, 1)
    shown = (2 * steps * attended + known) // (2 * known)
    return _flags(steps * (possible > 0), (steps - shown) * (possible > 0), on)


def _flags(possible: Ints, absent: Ints, on: date) -> Mask:
    counts = pd.DataFrame({"possible_sessions": possible, "absent_sessions": absent})
    return with_absence_flags(counts, on)["persistently_absent"].to_numpy(dtype=np.bool_)


def _per_cent(above: int, below: int) -> Fraction | None:
    return Fraction(100 * above, below) if below else None


def _mean(counted: Ints, possible: Ints) -> Fraction | None:
    """The mean of pupils' percentages, exactly: pupils with one base are added up first."""
    bases = np.unique(possible[possible > 0]).tolist()
    if not bases:
        return None
    total = sum(
        (Fraction(int(counted[possible == base].sum()), base) for base in bases), Fraction()
    )
    return 100 * total / int((possible > 0).sum())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
