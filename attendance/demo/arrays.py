"""The array types the demo school is built from, and two helpers they all share."""

from __future__ import annotations

from datetime import date
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from attendance.rules.codes import NO_MARK, SYMBOL_OF

Marks = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Rng = np.random.Generator

BLANK = ord(NO_MARK)
FAR_OFF = date(9999, 12, 31)


def symbol(code: str) -> int:
    """The byte that stands for a DfE code in a line of marks."""
    return ord(SYMBOL_OF[code])


def normal_scores(values: Floats) -> Floats:
    """The values' ranks as standard normal scores.

    Evenly spread by construction, so one seed's school is not luckier than another's.
    """
    n = len(values)
    grid = np.array([NormalDist().inv_cdf((k + 0.5) / n) for k in range(n)])
    scores = np.empty(n)
    scores[np.argsort(values, kind="stable")] = grid
    return scores
