"""Counting sessions: whole numbers first, rates last.

Two marks of one day are read as one 16-bit number and looked up in a table of 65,536 entries, whose
sixteen packed four-bit counters say what the day adds to each of COUNTS. Five days add up
without overflow (10 sessions at most in a week), so a pupil-week costs five additions. The tables
follow the law by date: another one from the slot on which the reading of any code changes.

Definitions (DfE pupil absence methodology; Working together to improve school attendance):
possible = present + approved activity + authorised + unauthorised, only while on roll and on days
the school is open; group figures pool sessions and never average pupils; persistent absence is
10 % or more of the pupil's own possible sessions, severe 50 % or more, decided on whole sessions.

A frame of counts has one row a pupil or group and the columns of COUNT_COLUMNS.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from attendance.core.register import BLANK, Marks, Register
from attendance.core.slots import SLOTS, SLOTS_A_WEEK, WEEKS, days_of, first_slot_from
from attendance.rules.codes import CODE_OF, Category, Code, change_days, reading_of
from attendance.rules.limits import limit_on

COUNTS = (
    "present", "approved_activity", "authorised_absence", "unauthorised_absence", "not_possible",
    "late_before_close", "late_after_close", "illness", "no_reason", "unmarked",
)  # fmt: skip
COUNT_COLUMNS = ("possible_sessions", "attended_sessions", "absent_sessions", *COUNTS)

NOTHING = 0  # the byte of a session that is not this pupil's: off roll, closed, or not read yet
_COUNTER_OF = {
    Category.PRESENT: "present",
    Category.APPROVED_ACTIVITY: "approved_activity",
    Category.AUTHORISED: "authorised_absence",
    Category.UNAUTHORISED: "unauthorised_absence",
    Category.NOT_POSSIBLE: "not_possible",
    Category.ADMINISTRATIVE: "not_possible",
}


def weekly_counts(
    register: Register, first_slot: int = 0, last_slot: int = SLOTS - 1
) -> npt.NDArray[np.int64]:
    """(pupils, 54 weeks, len(COUNTS)) sessions between two slots, both included."""
    pairs = own_marks(register, first_slot, last_slot).view(np.uint16)
    days = np.empty(pairs.shape, dtype=np.uint64)
    edges = [*_changes(register.school_year), (SLOTS // 2, None)]
    for (start, table), (end, _) in zip(edges, edges[1:], strict=False):
        assert table is not None
        np.take(table, pairs[:, start:end], out=days[:, start:end])
    weeks = days.reshape(len(register), WEEKS, 5).sum(axis=2)
    shifts = np.arange(len(COUNTS), dtype=np.uint64) * np.uint64(4)
    counts: npt.NDArray[np.int64] = ((weeks[:, :, None] >> shifts) & np.uint64(15)).astype(np.int64)
    return counts


def pupil_counts(
    register: Register, first_slot: int = 0, last_slot: int = SLOTS - 1
) -> pd.DataFrame:
    """One row a pupil, in the register's order: COUNT_COLUMNS between two slots."""
    return counts_frame(weekly_counts(register, first_slot, last_slot).sum(axis=1))


def counts_frame(counts: npt.NDArray[np.int64]) -> pd.DataFrame:
    """(rows, len(COUNTS)) whole numbers -> a frame of COUNT_COLUMNS."""
    frame = pd.DataFrame(counts, columns=list(COUNTS))
    attended = frame["present"] + frame["approved_activity"]
    absent = frame["authorised_absence"] + frame["unauthorised_absence"]
    possible = attended + absent
    frame.insert(0, "absent_sessions", absent)
    frame.insert(0, "attended_sessions", attended)
    frame.insert(0, "possible_sessions", possible)
    return frame


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Add attendance_rate and absence_rate (0-1, NaN where no session was possible)."""
    possible = counts["possible_sessions"].where(counts["possible_sessions"] > 0)
    return counts.assign(
        attendance_rate=counts["attended_sessions"] / possible,
        absence_rate=counts["absent_sessions"] / possible,
    )


def with_absence_flags(counts: pd.DataFrame, on: date) -> pd.DataFrame:
    """Add persistently_absent and severely_absent to one row a pupil, by the limits of a day."""
    return counts.assign(
        persistently_absent=_reaches(counts, "persistent_absence_percent", on),
        severely_absent=_reaches(counts, "severe_absence_percent", on),
    )


def pooled(counts: pd.DataFrame, key: pd.Series | npt.NDArray[np.object_]) -> pd.DataFrame:
    """Sum one row a pupil (with absence flags) to one row a group, sorted by key.

    ``pupils`` counts those with at least one possible session: nobody else has a rate.
    """
    frame = counts.assign(pupils=(counts["possible_sessions"] > 0).astype(int))
    return with_rates(frame.groupby(key, sort=True).sum(numeric_only=True))


def code_counts(
    register: Register, first_slot: int = 0, last_slot: int = SLOTS - 1
) -> dict[str, int]:
    """Marks by DfE's code as they stand in the register, and ``-`` for each mark that is missing
    (on roll, a session of the school, and its register read)."""
    stored = np.bincount(register.marks[:, first_slot : last_slot + 1].ravel(), minlength=256)
    codes = {CODE_OF[chr(byte)]: int(n) for byte, n in enumerate(stored) if n and byte != BLANK}
    missing = int((own_marks(register, first_slot, last_slot) == BLANK).sum())
    return dict(sorted((codes | ({"-": missing} if missing else {})).items()))


def own_marks(register: Register, first_slot: int, last_slot: int) -> Marks:
    """(n, 540) marks with every session that does not count for the pupil set to NOTHING."""
    counted = register.expected
    counted &= (register.marks != BLANK) | register.covered
    counted[:, :first_slot] = False
    counted[:, last_slot + 1 :] = False
    return np.where(counted, register.marks, np.uint8(NOTHING))


def is_counted(register: Register, counter: str, first_slot: int, last_slot: int) -> Marks:
    """(n, 540) 1 where the pupil's session adds to one of COUNTS, else 0."""
    marks = own_marks(register, first_slot, last_slot)
    result = np.zeros(marks.shape, dtype=np.uint8)
    shift = np.uint64(4 * COUNTS.index(counter))
    edges = [*_changes(register.school_year), (SLOTS // 2, None)]
    for (start, table), (end, _) in zip(edges, edges[1:], strict=False):
        assert table is not None
        single = ((table[:256] >> shift) & np.uint64(1)).astype(np.uint8)
        result[:, 2 * start : 2 * end] = single[marks[:, 2 * start : 2 * end]]
    return result


def _reaches(counts: pd.DataFrame, limit: str, on: date) -> pd.Series:
    percent = int(limit_on(limit, on).value)
    possible = counts["possible_sessions"]
    return (100 * counts["absent_sessions"] >= percent * possible) & (possible > 0)


@cache
def _changes(school_year: int) -> tuple[tuple[int, npt.NDArray[np.uint64]], ...]:
    """(first day-pair, table) for each stretch of the school year with one reading of the codes."""
    days = days_of(school_year)
    starts = {0} | {
        first_slot_from(school_year, day) // 2
        for day in change_days()
        if days[0].item() < day <= days[-1].item()
    }
    return tuple((start, _pair_table(days[2 * start].item())) for start in sorted(starts))


@cache
def _pair_table(day: date) -> npt.NDArray[np.uint64]:
    single = np.zeros(256, dtype=np.uint64)
    single[BLANK] = _counters("unmarked")
    for symbol, code in CODE_OF.items():
        if ord(symbol) != BLANK:
            single[ord(symbol)] = _counters(*_adds_to(reading_of(code, day)))
    pair = np.arange(65536)
    table: npt.NDArray[np.uint64] = single[pair & 255] + single[pair >> 8]
    return table


def _adds_to(code: Code) -> list[str]:
    late = ["late_before_close" if code.attended else "late_after_close"] if code.late else []
    illness = ["illness"] if code.code in {"I", "I01", "I02"} else []
    no_reason = ["no_reason"] if code.code == "N" else []
    return [_COUNTER_OF[code.category], *late, *illness, *no_reason]


def _counters(*names: str) -> np.uint64:
    return np.uint64(sum(1 << (4 * COUNTS.index(name)) for name in names))


assert SLOTS_A_WEEK <= 15, "a week must fit in a four-bit counter"
