"""The totals that a register states beside its marks, compared with the marks themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attendance.core.imports import NOTHING, Marks, Numbers, Problem
from attendance.importers.grid import Grid, Moment, Stated
from attendance.importers.headers import Column
from attendance.rules.codes import CODE_OF, Category, change_days, reading_of

COUNTED = {
    Column.POSSIBLE.value: "possible sessions",
    Column.ATTENDED.value: "sessions attended",
    Column.AUTHORISED.value: "sessions of authorised absence",
    Column.UNAUTHORISED.value: "sessions of unauthorised absence",
    Column.LATES.value: "late marks",
}


def compare_totals(grid: Grid, marks: Marks) -> list[Problem]:
    """One problem a pupil whose stated totals differ from the marks. The marks are trusted."""
    if not grid.stated:
        return []
    counted = _counts(grid.sessions, marks)
    problems = []
    for stated in grid.stated:
        wrong = [
            f"{number} {COUNTED[name]} (the marks give {counted[name][stated.pupil]})"
            for name, number in stated.totals.items()
            if number not in _allowed(name, counted, stated)
        ]
        if wrong:
            pupil = grid.roll.pupils[stated.pupil]
            says = (
                f"Row {stated.row}: the file states {' and '.join(wrong)} for {pupil.forename} "
                f"{pupil.surname}. The marks are kept; find out why the file’s totals differ."
            )
            problems.append(Problem(stated.row, None, says))
    return problems


def _allowed(name: str, counted: dict[str, list[int]], stated: Stated) -> set[int]:
    """Systems differ over whether a late after the register closed (U) is one of the lates."""
    allowed = {counted[name][stated.pupil]}
    if name == Column.LATES.value:
        allowed.add(counted["all lates"][stated.pupil])
    return allowed


def _counts(sessions: Sequence[Moment], marks: Marks) -> dict[str, list[int]]:
    """Totals by pupil, every mark read by the day of its session."""
    names = [*COUNTED, "all lates"]
    totals = np.zeros((len(names), len(marks)), dtype=np.int64)
    eras = np.array([sum(change <= day for change in change_days()) for day, _ in sessions])
    for era in np.unique(eras):
        inside = np.flatnonzero(eras == era)
        table = _table(sessions[inside[0]], np.unique(marks[:, inside]))
        totals += table[:, marks[:, inside]].sum(axis=2)
    return dict(zip(names, totals.tolist(), strict=True))


def _table(moment: Moment, symbols: Marks) -> Numbers:
    """(totals, 256) of 0 and 1: which symbol adds to which total on that day."""
    table = np.zeros((6, 256), dtype=np.int64)
    for symbol in symbols.tolist():
        if symbol == NOTHING:
            continue
        code = reading_of(CODE_OF[chr(symbol)], moment[0])
        table[:, symbol] = (
            code.possible,
            code.attended,
            code.category is Category.AUTHORISED,
            code.category is Category.UNAUTHORISED,
            code.late and code.attended,
            code.late,
        )
    return table
