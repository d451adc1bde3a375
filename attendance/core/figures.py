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

Ints = npt.NDArray[np.int64]

COUNTS = (
    "present", "approved_activity", "authorised_absence", "unauthorised_absence", "not_possible",
    "late_before_close", "late_after_close", "illness", "no_reason", "unmarked",
)  # fmt: skip
ATTENDED = ("present", "approved_activity")
ABSENT = ("authorised_absence", "unauthorised_absence")
COUNT_COLUMNS = ("possible_sessions", "attended_sessions", "absent_sessions", *COUNTS)

FLAGS = {
    "persistently_absent": "persistent_absence_percent",
    "severely_absent": "severe_absence_percent",
}
# The lowest four bits of each 16.
_LANES = np.uint64(0x000F_000F_000F_000F)
_AT_ONCE = 256
NOTHING = 0  # the byte of a session that is not this pupil's: off roll, closed, or not read yet
_COUNTER_OF = {
    Category.PRESENT: "present",
    Category.APPROVED_ACTIVITY: "approved_activity",
    Category.AUTHORISED: "authorised_absence",
    Category.UNAUTHORISED: "unauthorised_absence",
    Category.NOT_POSSIBLE: "not_possible",
    Category.ADMINISTRATIVE: "not_possible",
}


def weekly_counts(register: Register, first_slot: int = 0, last_slot: int = SLOTS - 1) -> Ints:
    """(pupils, 54 weeks, len(COUNTS)) sessions between two slots, both included."""
    weeks = _packed_weeks(register, first_slot, last_slot)
    shifts = np.arange(len(COUNTS), dtype=np.uint64) * np.uint64(4)
    counts: Ints = ((weeks[:, :, None] >> shifts) & np.uint64(15)).astype(np.int64)
    return counts


def total_counts(register: Register, first_slot: int = 0, last_slot: int = SLOTS - 1) -> Ints:
    """(pupils, len(COUNTS)) sessions between two slots: ``weekly_counts`` added up over weeks.

    The four-bit counters of a week are spread over lanes of 16 bits, which hold a year's 540
    sessions, every fourth counter at a time: an array of 540 numbers a pupil is never made.
    """
    weeks = _packed_weeks(register, first_slot, last_slot)
    fourths = [((weeks >> np.uint64(4 * at)) & _LANES).sum(axis=1) for at in range(4)]
    lanes = np.arange(4, dtype=np.uint64) * np.uint64(16)
    counters = (np.stack(fourths, axis=1)[:, None, :] >> lanes[:, None]) & np.uint64(0xFFFF)
    counts: Ints = counters.reshape(len(register), 16)[:, : len(COUNTS)].astype(np.int64)
    return counts


def pupil_counts(
    register: Register, first_slot: int = 0, last_slot: int = SLOTS - 1
) -> pd.DataFrame:
    """One row a pupil, in the register's order: COUNT_COLUMNS between two slots."""
    return counts_frame(total_counts(register, first_slot, last_slot))


def counts_frame(counts: Ints) -> pd.DataFrame:
    """(rows, len(COUNTS)) whole numbers -> a frame of COUNT_COLUMNS."""
    return pd.DataFrame(_columns_of(counts), columns=list(COUNT_COLUMNS))


def as_one_group(counts: Ints, on: date) -> dict[str, int]:
    """One row a pupil (``total_counts``) -> the sums of COUNT_COLUMNS, and how many pupils.

    The whole numbers that ``pooled`` gives for one group: ``pupils`` with a possible session, of
    them ``persistently_absent`` and ``severely_absent`` by the limits of a day.
    """
    columns = _columns_of(counts)
    possible, absent = columns[:, 0], columns[:, 2]
    groups = {
        "pupils": possible > 0,
        **{flag: _reaches(absent, possible, limit, on) for flag, limit in FLAGS.items()},
    }
    sums = dict(zip(COUNT_COLUMNS, columns.sum(axis=0).tolist(), strict=True))
    return sums | {name: int(np.count_nonzero(members)) for name, members in groups.items()}


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Add attendance_rate and absence_rate (0-1, NaN where no session was possible)."""
    possible = counts["possible_sessions"].where(counts["possible_sessions"] > 0)
    return counts.assign(
        attendance_rate=counts["attended_sessions"] / possible,
        absence_rate=counts["absent_sessions"] / possible,
    )


def with_absence_flags(counts: pd.DataFrame, on: date) -> pd.DataFrame:
    """Add persistently_absent and severely_absent to one row a pupil, by the limits of a day."""
    absent, possible = (
        counts[name].to_numpy() for name in ("absent_sessions", "possible_sessions")
    )
    return counts.assign(
        **{flag: _reaches(absent, possible, limit, on) for flag, limit in FLAGS.items()}
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
    return _own(register, slice(None), first_slot, last_slot)


def is_counted(register: Register, counter: str, first_slot: int, last_slot: int) -> Marks:
    """(n, 540) 1 where the pupil's session adds to one of COUNTS, else 0."""
    marks = own_marks(register, first_slot, last_slot)
    result = np.zeros(marks.shape, dtype=np.uint8)
    shift = np.uint64(4 * COUNTS.index(counter))
    for start, end, table in _stretches(register.school_year):
        single = ((table[:256] >> shift) & np.uint64(1)).astype(np.uint8)
        result[:, 2 * start : 2 * end] = np.take(single, marks[:, 2 * start : 2 * end])
    return result


def _packed_weeks(register: Register, first_slot: int, last_slot: int) -> npt.NDArray[np.uint64]:
    """(n, 54) sums of the day table's entries: len(COUNTS) counters of four bits each."""
    size = len(register)
    weeks = np.empty((size, WEEKS), dtype=np.uint64)
    # So many pupils at a time that their days stay in the processor's own memory.
    days = np.empty((min(_AT_ONCE, size), SLOTS // 2), dtype=np.uint64)
    for row in range(0, size, _AT_ONCE):
        rows = slice(row, row + _AT_ONCE)
        pairs = _own(register, rows, first_slot, last_slot).view(np.uint16)
        some = days[: len(pairs)]
        for start, end, table in _stretches(register.school_year):
            # Every pair is in the table and nothing is clipped; numpy is faster when it may clip.
            np.take(table, pairs[:, start:end], out=some[:, start:end], mode="clip")
        week = np.add(some[:, 0::5], some[:, 1::5], out=weeks[rows])
        for at in range(2, 5):
            week += some[:, at::5]
    return weeks


def _own(register: Register, rows: slice, first_slot: int, last_slot: int) -> Marks:
    """``own_marks`` of some rows."""
    expected = register.on_roll[rows] & register.is_open[rows]
    own: Marks = register.marks[rows] * expected.view(np.uint8)
    own[:, :first_slot] = NOTHING
    own[:, last_slot + 1 :] = NOTHING
    own *= ((own != BLANK) | register.covered).view(np.uint8)
    return own


def _sum_of(counts: Ints, names: tuple[str, str]) -> Ints:
    first, second = (counts[:, COUNTS.index(name)] for name in names)
    total: Ints = first + second
    return total


def _columns_of(counts: Ints) -> Ints:
    """(rows, len(COUNT_COLUMNS)) from (rows, len(COUNTS))."""
    attended, absent = (_sum_of(counts, names) for names in (ATTENDED, ABSENT))
    return np.column_stack([attended + absent, attended, absent, counts])


def _reaches(absent: Ints, possible: Ints, limit: str, on: date) -> npt.NDArray[np.bool_]:
    percent = int(limit_on(limit, on).value)
    reached: npt.NDArray[np.bool_] = (100 * absent >= percent * possible) & (possible > 0)
    return reached


@cache
def _stretches(school_year: int) -> tuple[tuple[int, int, npt.NDArray[np.uint64]], ...]:
    """(first day-pair, the one after the last, table) for each stretch with one reading."""
    days = days_of(school_year)
    starts = {0} | {
        first_slot_from(school_year, day) // 2
        for day in change_days()
        if days[0].item() < day <= days[-1].item()
    }
    edges = [*sorted(starts), SLOTS // 2]
    return tuple(
        (start, end, _pair_table(days[2 * start].item()))
        for start, end in zip(edges, edges[1:], strict=False)
    )


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
