"""Figures for people who may see no small group: a count of 1 to 9 pupils is never shown.

Nor may one follow from what is shown. Whoever reads the total, the year groups, two overlapping
cohorts and both views can add and subtract them, and whatever counts they reach that way are as
good as shown. ``shown_together`` decides that for any number of figures at once, exactly: a figure
is shown only if no sum or difference of those shown is a count of 1 to 9 pupils. ``suppressed``
does the same for one split, its total and its persistently absent pupils.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

KNOWN_BY_PUPILS = (
    "possible_sessions", "attended_sessions", "absent_sessions", "absence_rate", "low", "high",
)  # fmt: skip
# Exact arithmetic without fractions: whole numbers modulo a prime that fits a product in 64 bits.
_PRIME = 2_147_483_647
# More hidden dimensions than this are not searched; the figure is hidden instead.
_MOST = 12


def suppressed(split: pd.DataFrame, under: int) -> pd.DataFrame:
    """The groups of one split with every small count hidden (<NA>), and what would give it away.

    split: pupils, persistently_absent and KNOWN_BY_PUPILS, of groups without a pupil in common;
    their total is taken to be shown. Adds ``hides_pupils`` and ``hides_persistent``, True where the
    number is hidden, and ``few_pupils`` and ``few_persistent``, True where it is hidden because it
    is small itself. A group's sessions and rate go with its number of pupils; its persistently
    absent with either.
    """
    pupils = split["pupils"].to_numpy(dtype=np.int64)
    persistent = split["persistently_absent"].to_numpy(dtype=np.int64)
    few = _is_small(pupils, under)
    few_persistent = few | _is_small(persistent, under)
    hides, hides_persistent = _hidden(pupils, persistent, under)
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


def shown_together(figures: Mask, under: int, sizes: Ints | None = None) -> Mask:
    """(k,) which of k counts may be shown, decided in the order given: put first what matters most.

    figures: (k, n) True where a pupil is in the count: a cohort's pupils in one period and view, or
    its persistently absent ones. Give every figure that the reader could ever ask for, always in
    the same order, and what is shown one day and the next together tells of nobody. With
    ``sizes`` (n,) a column stands for so many pupils who are in the same figures.
    """
    if sizes is None:
        patterns, place = np.unique(figures, axis=1, return_inverse=True)
        sizes = np.bincount(place.ravel(), minlength=patterns.shape[1]).astype(np.int64)
    else:
        patterns = figures
    told = _Told(sizes, under)
    return np.array([told.take(row) for row in patterns.astype(np.int64)], dtype=np.bool_)


def _hidden(pupils: Ints, persistent: Ints, under: int) -> tuple[Mask, Mask]:
    """Which pupils and which persistently absent of groups beside their total to hide."""
    count = len(pupils)
    sizes = np.concatenate([np.maximum(pupils - persistent, 0), np.minimum(persistent, pupils)])
    group = np.tile(np.eye(count, dtype=np.bool_), 2)
    is_persistent = np.arange(2 * count) >= count
    told = _Told(sizes, under)
    everyone = np.ones(2 * count, dtype=np.int64)
    told.take(everyone)
    hides, hides_persistent = np.ones((2, count), dtype=np.bool_)
    for row in _largest_first(pupils):
        hides[row] = not told.take(group[row].astype(np.int64))
    told.take(everyone * is_persistent)
    for row in _largest_first(persistent):
        one = (group[row] & is_persistent).astype(np.int64)
        hides_persistent[row] = hides[row] or not told.take(one)
    return hides, hides_persistent


def _largest_first(counts: Ints) -> Iterable[int]:
    return [int(row) for row in np.argsort(-counts, kind="stable")]


class _Told:
    """What the counts shown so far tell, as rows of equations in the sizes of cells of pupils.

    A sum of the shown that touches no cell of ten or more is all that can come to 1..9, so rows
    are reduced by the large cells first; what is left of a row lies in the small cells, and only
    sums of such remainders are searched for a group of pupils.
    """

    def __init__(self, sizes: Ints, under: int) -> None:
        self.under = under
        self.order = np.argsort(sizes < under, kind="stable")
        self.sizes = sizes[self.order]
        self.large = int((sizes >= under).sum())
        self.rows: list[tuple[int, Ints]] = []  # (pivot, reduced row)

    def take(self, figure: Ints) -> bool:
        """Show the figure, unless it or what would follow from it is a small count."""
        row = figure[self.order] % _PRIME
        if _is_small(np.array([self.sizes[row == 1].sum()]), self.under)[0]:
            return False
        for pivot, held in self.rows:
            row = (row - row[pivot] * held) % _PRIME
        where = np.flatnonzero(row)
        if not len(where):
            return True  # it follows from what is shown already
        pivot = int(where[0])
        row = row * pow(int(row[pivot]), -1, _PRIME) % _PRIME
        if pivot >= self.large and self._tells(row, pivot):
            return False
        kept = [(at, (held - held[pivot] * row) % _PRIME) for at, held in self.rows]
        self.rows = [*kept, (pivot, row)]
        return True

    def _tells(self, row: Ints, pivot: int) -> bool:
        """Does a sum of remainders, this one among them, add up to a small group of pupils?"""
        small = [held for at, held in self.rows if at >= self.large]
        basis = [row, *((held - held[pivot] * row) % _PRIME for held in small)]
        if len(basis) > _MOST:
            return True
        sums = np.zeros((1, len(row)), dtype=np.int64)
        for held in basis:
            # Reduced rows: each has a cell of its own, so its share in a group is nought or one.
            sums = np.concatenate([sums, (sums + held) % _PRIME])
        groups = sums[(sums <= 1).all(axis=1)]
        return bool(_is_small(groups @ self.sizes, self.under).any())


def _is_small(counts: Ints, under: int) -> Mask:
    small: Mask = (counts >= 1) & (counts < under)
    return small


def _with_next(hidden: Mask, counts: npt.NDArray[np.int64]) -> Mask:
    # A group of nobody gives nothing away by being hidden, so it is the last choice.
    size = np.where(counts == 0, np.iinfo(np.int64).max, counts)
    size = np.where(hidden, np.iinfo(np.int64).max, size)
    shown = np.flatnonzero(~hidden)
    another = hidden.copy()
    another[shown[np.argmin(size[shown])]] = True
    return another
