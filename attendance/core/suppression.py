"""Figures for people who may see no small group: a count of 1 to 9 pupils is never shown.

When exactly one group of a split is hidden, its figure would follow from the total, so the next
smallest is hidden with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]

KNOWN_BY_PUPILS = (
    "possible_sessions", "attended_sessions", "absent_sessions", "absence_rate", "low", "high",
)  # fmt: skip


def suppressed(split: pd.DataFrame, under: int) -> pd.DataFrame:
    """The groups of one split with every small count hidden (<NA>), and what would give it away.

    split: pupils, persistently_absent and KNOWN_BY_PUPILS. Adds ``hides_pupils`` and
    ``hides_persistent``, True where the number is hidden, and ``few_pupils`` and
    ``few_persistent``, True where it is hidden because it is small itself. A group's sessions and
    rate go with its number of pupils; its persistently absent with either.
    """
    pupils = split["pupils"].to_numpy(dtype=np.int64)
    persistent = split["persistently_absent"].to_numpy(dtype=np.int64)
    few = _is_small(pupils, under)
    few_persistent = few | _is_small(persistent, under)
    hides = _with_another(few, pupils)
    hides_persistent = _with_another(hides | few_persistent, persistent)
    hidden = {name: split[name].astype("Float64").mask(hides) for name in KNOWN_BY_PUPILS}
    return split.assign(
        **hidden,
        pupils=split["pupils"].astype("Int64").mask(hides),
        persistently_absent=split["persistently_absent"].astype("Int64").mask(hides_persistent),
        hides_pupils=hides,
        hides_persistent=hides_persistent,
        few_pupils=few,
        few_persistent=few_persistent,
    )


def few_and_another(pupils: npt.NDArray[np.int64], under: int) -> Mask:
    """Which parts of a period (weeks, days) to hide: those in which 1 to ``under`` - 1 pupils had a
    session, and the next smallest with them, as the total less the others would tell of them."""
    few = _is_small(pupils, under)
    return _with_next(few, pupils) if few.any() and not few.all() else few


def _is_small(counts: npt.NDArray[np.int64], under: int) -> Mask:
    small: Mask = (counts >= 1) & (counts < under)
    return small


def _with_another(hidden: Mask, counts: npt.NDArray[np.int64]) -> Mask:
    """One hidden group alone is the total less the others: hide the next smallest with it."""
    if hidden.sum() != 1 or hidden.all():
        return hidden
    return _with_next(hidden, counts)


def _with_next(hidden: Mask, counts: npt.NDArray[np.int64]) -> Mask:
    # A group of nobody gives nothing away by being hidden, so it is the last choice.
    size = np.where(counts == 0, np.iinfo(np.int64).max, counts)
    size = np.where(hidden, np.iinfo(np.int64).max, size)
    shown = np.flatnonzero(~hidden)
    another = hidden.copy()
    another[shown[np.argmin(size[shown])]] = True
    return another
