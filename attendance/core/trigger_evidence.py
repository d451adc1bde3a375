"""What the registers show by a day, as the triggers look at it.

Each session of a pupil's own (on roll, the school open) becomes one byte of the flags below, by
the reading of its code on its day; a session that is not the pupil's own, blank, not possible or
after the day asked about is 0. A trigger looks for its pupils in the whole school's bytes at once,
and only then at one pupil after another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.register import BLANK, Ints, Marks, Mask
from attendance.core.slots import SLOTS_A_WEEK, school_year_of
from attendance.core.timeline import Marked, Timeline
from attendance.rules.codes import CODE_OF, Category, Code, change_days, reading_of
from attendance.rules.days import compulsory_school_age
from attendance.rules.limits import all_limits

PRESENT, ACTIVITY, AUTHORISED, UNAUTHORISED = 1, 2, 4, 8
ILLNESS, NO_REASON, LATE_AFTER, LATE_BEFORE = 16, 32, 64, 128
ATTENDED, ABSENT, LATE = PRESENT | ACTIVITY, AUTHORISED | UNAUTHORISED, LATE_AFTER | LATE_BEFORE
POSSIBLE = ATTENDED | ABSENT

_FLAG_OF_CATEGORY = {
    Category.PRESENT: PRESENT,
    Category.APPROVED_ACTIVITY: ACTIVITY,
    Category.AUTHORISED: AUTHORISED,
    Category.UNAUTHORISED: UNAUTHORISED,
}
_FLAG_OF_CODE = {
    "N": NO_REASON, "U": LATE_AFTER, "L": LATE_BEFORE,
    "I": ILLNESS, "I01": ILLNESS, "I02": ILLNESS,
}  # fmt: skip
_FIRST_YEAR_GROUP, _LAST_YEAR_GROUP = 1, 11


@dataclass(frozen=True)
class Evidence:
    """``flags`` and ``own`` are (pupils, whole weeks of slots up to the day's)."""

    timeline: Timeline
    on: date
    end: int  # the first slot after the day asked about
    own: Mask
    flags: Marks

    @cached_property
    def reported(self) -> Mask:
        """(n,) the pupils on roll at the last slot up to the day."""
        held = np.flatnonzero(self.timeline.held[: self.end])
        if not len(held):
            return np.zeros(len(self.timeline.pupils), dtype=np.bool_)
        reported: Mask = self.timeline.on_roll[:, held[-1]]
        return reported

    @cached_property
    def ids(self) -> list[int]:
        """Pupil ids by row."""
        found: list[int] = self.timeline.pupils["pupil_id"].tolist()
        return found

    @cached_property
    def row_of(self) -> dict[int, int]:
        """The rows of the pupils who are reported."""
        return {self.ids[row]: row for row in np.flatnonzero(self.reported).tolist()}

    @property
    def days(self) -> list[date]:
        """The day of every slot of the timeline."""
        return self.timeline.dates

    @cached_property
    def weeks(self) -> list[int]:
        """The school weeks that begin on or before the day: slot // 10 of each."""
        width = self.flags.shape[1]
        is_open = self.timeline.any_open[:width].reshape(-1, SLOTS_A_WEEK).any(axis=1)
        found: list[int] = np.flatnonzero(is_open).tolist()
        return found

    @property
    def school_days(self) -> list[date]:
        """Every day with a session at the school, after the day asked about too."""
        return self.timeline.school_days

    @cached_property
    def year_from(self) -> int:
        """The first slot of the week in which the day's school year begins; of the last week
        where the timeline does not hold that year."""
        slot = int(np.searchsorted(self.timeline.years, school_year_of(self.on)))
        width: int = self.flags.shape[1]
        return min(slot // SLOTS_A_WEEK * SLOTS_A_WEEK, width - SLOTS_A_WEEK)

    @cached_property
    def this_year(self) -> Marks:
        """The flags from ``year_from`` on, with those of the school year before taken out."""
        years = self.timeline.years[self.year_from : self.flags.shape[1]]
        of_year = (years == school_year_of(self.on)).view(np.uint8)
        this: Marks = self.flags[:, self.year_from :] * of_year
        return this

    @cached_property
    def missed(self) -> Ints:
        """(n,) sessions missed this school year."""
        return count_of(self.this_year, ABSENT)

    @cached_property
    def possible(self) -> Ints:
        """(n,) possible sessions of this school year."""
        return count_of(self.this_year, POSSIBLE)

    @cached_property
    def unauthorised(self) -> Ints:
        """(n,) unauthorised sessions of the whole timeline."""
        return count_of(self.flags, UNAUTHORISED)

    @cached_property
    def last_marked(self) -> int:
        """The AM slot of the last day on which anybody has a mark; -1 for none."""
        for slot in range(self.end - 2, -1, -2):
            day = slice(slot, slot + 2)
            if (self.own[:, day] & (self.timeline.marks[:, day] != BLANK)).any():
                return slot
        return -1

    def is_this_year(self, day: date) -> bool:
        return school_year_of(day) == school_year_of(self.on)

    def slot_after(self, day: date) -> int:
        """The first slot after a day, of those up to the day asked about."""
        found = np.searchsorted(self.timeline.days[: self.end], np.datetime64(day), side="right")
        return int(found)

    def window_from(self, week: int) -> date:
        """The Monday of a week."""
        return self.days[week * SLOTS_A_WEEK]

    def window_to(self, week: int) -> date:
        """The Friday of a week."""
        return self.days[week * SLOTS_A_WEEK + SLOTS_A_WEEK - 1]

    def weeks_back(self, number: int) -> int:
        """The first of the last ``number`` school weeks, or of all where there are fewer."""
        return self.weeks[-min(number, len(self.weeks))]

    def sessions(self, row: int, slots: Ints) -> tuple[Marked, ...]:
        """A pupil's marks at some slots."""
        keys = slots * 256 + self.timeline.marks[row, slots]
        return tuple(map(self.timeline.marked.__getitem__, keys.tolist()))

    def sessions_where(
        self, rows: Ints, mask: Mask, first_slot: int = 0
    ) -> list[tuple[Marked, ...]]:
        """``sessions`` of many pupils in one go: for each row, where its line of the mask is True.

        The mask's first column is ``first_slot``.
        """
        lines, slots = np.divmod(np.flatnonzero(mask), mask.shape[1])
        slots += first_slot
        keys = slots * 256 + self.timeline.marks[rows[lines], slots]
        marked = list(map(self.timeline.marked.__getitem__, keys.tolist()))
        ends = np.cumsum(np.count_nonzero(mask, axis=1)).tolist()
        return [tuple(marked[a:b]) for a, b in zip([0, *ends], ends, strict=False)]

    def by_pupil(self, mask: npt.NDArray[Any], first_slot: int = 0) -> Iterator[tuple[int, Ints]]:
        """(row, its slots) of each reported pupil for whom the mask is not 0 somewhere.

        The mask's first column is ``first_slot``.
        """
        found = np.flatnonzero(mask != 0)  # truth values are found ten times faster than numbers
        rows, slots = np.divmod(found, max(mask.shape[1], 1))
        edges = [0, *(np.flatnonzero(np.diff(rows)) + 1).tolist(), len(rows)]
        for start, end in zip(edges, edges[1:], strict=False):
            if start < end and self.reported[row := int(rows[start])]:
                yield row, slots[start:end] + first_slot

    def of_age(self, rows: Ints) -> Marks:
        """(len(rows), slots) flags, 0 outside compulsory school age (Education Act 1996 s8)."""
        flags: Marks = self.flags[rows]
        first, after = self.age_slots(rows)
        for at in np.flatnonzero((first > 0) | (after < flags.shape[1])).tolist():
            flags[at, : first[at]] = 0
            flags[at, after[at] :] = 0
        return flags

    def age_slots(self, rows: Ints) -> tuple[Ints, Ints]:
        """The timeline's slots at which these pupils' compulsory age begins, and is over."""
        pupils = self.timeline.pupils
        born = pupils["birth_date"].to_numpy(dtype=object)[rows]
        year_groups = pupils["year_group"].to_numpy()[rows]
        ages = [_ages(*one) for one in zip(born, year_groups, strict=True)]
        first, last = np.array(ages, dtype="datetime64[D]").reshape(-1, 2).T
        days = self.timeline.days
        return np.searchsorted(days, first), np.searchsorted(days, last, side="right")

    def limit_by_slot(self, name: str) -> Ints:
        """(slots up to the day's week,) a limit's value on each day, 0 where it is not in force."""
        days = self.timeline.days[: self.flags.shape[1]]
        values = np.zeros(len(days), dtype=np.int64)
        for limit in all_limits():
            if limit.name == name:
                first = np.searchsorted(days, np.datetime64(limit.valid_from))
                last = np.datetime64(limit.valid_to or date.max)
                values[first : np.searchsorted(days, last, side="right")] = int(limit.value)
        return values


def evidence(timeline: Timeline, on: date) -> Evidence:
    """What a timeline shows by a day, that day included."""
    end = int(np.searchsorted(timeline.days, np.datetime64(on), side="right"))
    width = -(-end // SLOTS_A_WEEK) * SLOTS_A_WEEK
    own: Mask = timeline.on_roll[:, :width] & timeline.is_open[:, :width]
    own[:, end:] = False
    return Evidence(timeline, on, end, own, _flags(timeline, own))


def count_of(flags: Marks, flag: int) -> Ints:
    """(rows,) sessions with the flag, or with one of several."""
    # As bytes into 16 bits: a quarter of the time that numpy takes to count truth values.
    found = ((flags & flag) != 0).view(np.uint8)
    counted: Ints = found.sum(axis=1, dtype=np.uint16).astype(np.int64)
    return counted


def by_week(mask: Mask) -> Ints:
    """(rows, whole weeks of slots) True and False -> (rows, weeks) how many are True."""
    # Two bytes at a time: five additions a week, and neither byte can overflow.
    pairs = mask.view(np.uint8).view(np.uint16)
    weeks = pairs[:, 0::5] + pairs[:, 1::5]
    for at in range(2, 5):
        weeks += pairs[:, at::5]
    return ((weeks & 255) + (weeks >> 8)).astype(np.int64)


def last_true(mask: Mask) -> Ints:
    """(rows,) the last column that is True in each row, -1 for none."""
    backwards = mask[:, ::-1]
    last: Ints = mask.shape[1] - 1 - backwards.argmax(axis=1)
    return np.where(mask.any(axis=1), last, -1)


def _flags(timeline: Timeline, own: Mask) -> Marks:
    marks = timeline.marks[:, : own.shape[1]] * own.view(np.uint8)
    flags = np.zeros(marks.shape, dtype=np.uint8)
    days = timeline.days[: own.shape[1]]
    starts = np.searchsorted(days, np.array(change_days(), dtype="datetime64[D]"))
    edges = sorted({0, *starts.tolist(), len(days)})
    for start, end in zip(edges, edges[1:], strict=False):
        # bytes.translate is twice as fast as numpy's take.
        read = marks[:, start:end].tobytes().translate(_table(days[start].item()))
        flags[:, start:end] = np.frombuffer(read, dtype=np.uint8).reshape(len(marks), end - start)
    return flags


@cache
def _table(day: date) -> bytes:
    """The flags of each of the 256 storage symbols on a day."""
    table = bytearray(256)
    for symbol, code in CODE_OF.items():
        table[ord(symbol)] = _flags_of(reading_of(code, day))
    return bytes(table)


def _flags_of(code: Code) -> int:
    return _FLAG_OF_CATEGORY.get(code.category, 0) | _FLAG_OF_CODE.get(code.code, 0)


@lru_cache(maxsize=10_000)
def _ages(born: date | None, year_group: int) -> tuple[date, date]:
    if born is not None and not pd.isna(born):
        return compulsory_school_age(born)
    is_of_age = _FIRST_YEAR_GROUP <= year_group <= _LAST_YEAR_GROUP
    return (date.min, date.max) if is_of_age else (date.max, date.min)
