"""Persistent and severe absence this school year, and who came back under ten per cent.

Decided on whole sessions of the pupil's own (DfE absence methodology s3.2), never on a rate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from attendance.core.register import Ints, Marks, Mask
from attendance.core.trigger_evidence import ABSENT, POSSIBLE, Evidence, by_week, last_true
from attendance.core.trigger_findings import Finding, counted, found_limit, in_words, rule_of, whole
from attendance.rules.limits import limit_on

PERSISTENT, SEVERE = "persistent_absence", "severe_absence"


def at_or_over(seen: Evidence, trigger: str) -> Iterator[Finding]:
    """Pupils who missed the limit's share of their own possible sessions, or more.

    ``trigger`` is PERSISTENT or SEVERE; met on the day since which it has been so without a break.
    """
    limit = found_limit(f"{trigger}_percent", seen.on)
    if limit is None:
        return
    base = whole(limit_on("small_base_sessions", seen.on))
    missed, possible = seen.missed, seen.possible
    is_over = (100 * missed >= whole(limit) * possible) & (possible > 0)
    rows = np.flatnonzero(is_over & seen.reported)
    flags = seen.this_year[rows]
    starts = _since(flags, _is_over(flags, whole(limit))) + seen.year_from
    absences = seen.sessions_where(rows, (flags & ABSENT) != 0, seen.year_from)
    facts = zip(rows.tolist(), absences, starts.tolist(), possible[rows].tolist(), strict=True)
    for row, sessions, start, out_of in facts:
        since = seen.days[start]
        said = f"{len(sessions)} of {counted(out_of, 'session')} missed this year, "
        said += f"{limit.value} per cent or more since {in_words(since)}."
        said += _small(out_of, base)
        yield Finding(
            seen.ids[row], trigger, since, None, since, None, None, sessions, rule_of(limit), said
        )


def back_under_10(seen: Evidence) -> Iterator[Finding]:
    """Pupils under the limit now who were at or over it this year, not on a small base."""
    limit = found_limit(f"{PERSISTENT}_percent", seen.on)
    if limit is None:
        return
    percent, base = whole(limit), whole(limit_on("small_base_sessions", seen.on))
    missed, possible = seen.missed, seen.possible
    is_under = (100 * missed < percent * possible) & seen.reported
    rows = np.flatnonzero(is_under)
    rows = rows[_may_have_been_over(seen.this_year[rows], percent, base)]
    flags = seen.this_year[rows]
    over = _is_over(flags, percent)
    # Nothing changes at a session that was not possible, so these need not be left out.
    was_over = (over & (_running(flags, POSSIBLE) >= base)).any(axis=1)
    starts = _since(flags, ~over) + seen.year_from
    for row, start in zip(rows[was_over].tolist(), starts[was_over].tolist(), strict=True):
        since = seen.days[start]
        said = f"{missed[row]} of {possible[row]} sessions missed this year: under "
        said += f"{limit.value} per cent again since {in_words(since)}."
        yield Finding(
            seen.ids[row], "back_under_10", since, None, since, None, None, (), rule_of(limit), said
        )


def _is_over(flags: Marks, percent: int) -> Mask:
    """(rows, slots) whether the share of all sessions up to each is the limit or more."""
    missed, possible = (_running(flags, flag) for flag in (ABSENT, POSSIBLE))
    over: Mask = 100 * missed >= percent * possible
    return over


def _running(flags: Marks, flag: int) -> npt.NDArray[np.int32]:
    """(rows, slots) how many sessions up to each have the flag."""
    so_far: npt.NDArray[np.int32] = np.cumsum((flags & flag) != 0, axis=1, dtype=np.int32)
    return so_far


def _since(flags: Marks, holds: Mask) -> Ints:
    """(rows,) the possible session since which something has held at each possible session."""
    possible = (flags & POSSIBLE) != 0
    broken = last_true(possible & ~holds)
    since: Ints = (possible & (np.arange(flags.shape[1]) > broken[:, None])).argmax(axis=1)
    return since


def _may_have_been_over(flags: Marks, percent: int, base: int) -> Mask:
    """False for those who cannot have been: all missed by a week's end, over the fewest possible
    by its start. Whole weeks are much cheaper to look at than all sessions."""
    weekly = [by_week((flags & flag) != 0) for flag in (ABSENT, POSSIBLE)]
    missed, possible = (np.asarray(week.cumsum(axis=1), dtype=np.int64) for week in weekly)
    fewest = np.maximum(base, possible - weekly[1])
    may = (100 * missed >= percent * fewest) & (possible >= base)
    return np.asarray(may.any(axis=1))


def _small(possible: int, base: int) -> str:
    return "" if possible >= base else f" A small base: fewer than {base} possible sessions."
