"""Marks against compulsory school age."""

from __future__ import annotations

from datetime import date

import numpy as np

from attendance.core.quality_finding import Cells, Mask
from attendance.core.slots import days_of
from attendance.rules.days import compulsory_school_age

# Where no birth date is known: the year groups all of whose pupils are of the age, as a rule.
_OF_THE_AGE = range(1, 12)


def not_compulsory(cells: Cells) -> Mask:
    """Which of the cells lie outside their pupil's compulsory school age (Education Act 1996
    s8)."""
    outside = np.zeros(len(cells.rows), dtype=np.bool_)
    born = cells.register.pupils["birth_date"]
    days = days_of(cells.register.school_year)[cells.slots]
    for row in np.unique(cells.rows).tolist():
        here = cells.rows == row
        birthday = born.iat[row]
        if isinstance(birthday, date):
            first, last = (np.datetime64(day, "D") for day in compulsory_school_age(birthday))
            outside[here] = (days[here] < first) | (days[here] > last)
        else:
            outside[here] = cells.roll.years[row] not in _OF_THE_AGE
    return outside
