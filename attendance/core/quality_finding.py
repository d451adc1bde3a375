"""One finding in a school's data, and how findings are made from marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attendance.core.register import Register
from attendance.rules.codes import CODE_OF

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Finding:
    """``pupil_id`` None: of a form, a year group or the whole school ('' and 0).

    ``codes`` stand beside ``slots``. ``detail`` adds to the kind's sentence what only this row
    knows, and ``others`` the pupils it is held against. ``many``: lines of a file.
    """

    kind: str
    pupil_id: int | None
    form: str
    year_group: int
    slots: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    detail: str = ""
    others: tuple[int, ...] = ()
    many: int = 0

    @property
    def sessions(self) -> int:
        return len(self.slots)


@dataclass(frozen=True)
class Roll:
    """A register with what every finding asks of its pupils, read once."""

    register: Register
    ids: list[int]
    forms: list[str]
    years: list[int]
    expected: Mask

    @classmethod
    def of(cls, register: Register) -> Roll:
        ids, forms, years = (
            register.pupils[name].tolist() for name in ("pupil_id", "form", "year_group")
        )
        return cls(register, ids, forms, years, register.expected)

    def finding(
        self,
        kind: str,
        row: int,
        slots: Sequence[int] = (),
        codes: Sequence[str] = (),
        detail: str = "",
        others: Sequence[int] = (),
    ) -> Finding:
        """A finding about the pupil in this row."""
        who = (self.ids[row], self.forms[row], self.years[row])
        return Finding(kind, *who, tuple(slots), tuple(codes), detail, tuple(others))


@dataclass(frozen=True)
class Cells:
    """Marks one by one: the row, slot and symbol of each, in order of row and then slot."""

    roll: Roll
    rows: Numbers
    slots: Numbers
    marks: npt.NDArray[np.uint8]

    @classmethod
    def where(cls, roll: Roll, mask: Mask) -> Cells:
        """The cells of a (n, up to 540) mask."""
        rows, slots = np.divmod(np.flatnonzero(mask), mask.shape[1])
        return cls(roll, rows, slots, roll.register.marks[rows, slots])

    @property
    def register(self) -> Register:
        return self.roll.register

    def only(self, chosen: Mask) -> Cells:
        return Cells(self.roll, self.rows[chosen], self.slots[chosen], self.marks[chosen])

    def are(self, *symbols: str) -> Mask:
        """Which of them are one of these symbols."""
        found = np.zeros(len(self.marks), dtype=np.bool_)
        for symbol in symbols:
            found |= self.marks == ord(symbol)
        return found

    def by_pupil(self) -> list[tuple[int, Cells]]:
        """(row, the cells of it), in order of row."""
        if not len(self.rows):
            return []
        edges = np.flatnonzero(np.diff(self.rows)) + 1
        starts, ends = [0, *edges.tolist()], [*edges.tolist(), len(self.rows)]
        return [
            (
                int(self.rows[start]),
                Cells(
                    self.roll,
                    self.rows[start:end],
                    self.slots[start:end],
                    self.marks[start:end],
                ),
            )
            for start, end in zip(starts, ends, strict=True)
        ]

    def findings(self, kind: str, detail: str = "") -> list[Finding]:
        """One finding a pupil."""
        return [cells.finding(kind, row, detail) for row, cells in self.by_pupil()]

    def finding(self, kind: str, row: int, detail: str = "") -> Finding:
        """These cells, all of one pupil, as one finding."""
        return self.roll.finding(kind, row, self.slots.tolist(), self.codes(), detail)

    def codes(self) -> tuple[str, ...]:
        """DfE's codes; '' for no mark, and the sign itself for what is no code."""
        return tuple(code_of(mark) for mark in self.marks.tolist())


def code_of(mark: int) -> str:
    """The code of a stored symbol, '' for no mark."""
    sign = chr(mark)
    return "" if sign == "-" else CODE_OF.get(sign, sign)
