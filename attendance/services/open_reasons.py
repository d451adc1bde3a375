"""Absences that still have no reason (code N), and the day by which each is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance.core.names import called
from attendance.core.register import Register
from attendance.core.today import open_n_sessions


@dataclass(frozen=True, slots=True)
class Reasons:
    """Earlier sessions still without a reason. ``pupils``: pupil_id, name, form, sessions (int),
    first_day, due (date or None), ordered by due; the counts are of sessions."""

    overdue: int
    due_today: int
    later: int
    pupils: pd.DataFrame


def reasons_to_find(register: Register, slot: int, today: date) -> Reasons:
    """N of every session before the one shown, by the day on which a reason is due."""
    sessions = open_n_sessions(register, slot - 1)
    due = sessions["due"].to_numpy()
    overdue = sum(day is not None and day < today for day in due)
    due_today = sum(day == today for day in due)
    later = len(sessions) - overdue - due_today
    return Reasons(overdue, due_today, later, _pupils_without_reason(register, sessions))


def _pupils_without_reason(register: Register, sessions: pd.DataFrame) -> pd.DataFrame:
    first = sessions.sort_values(["row", "slot"]).drop_duplicates("row")
    pupils = register.pupils.iloc[first["row"]]
    found = pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"].to_numpy(),
            "name": called(pupils).to_numpy(),
            "form": pupils["form"].to_numpy(),
            "sessions": np.bincount(sessions["row"], minlength=len(register))[first["row"]],
            "first_day": first["day"].to_numpy(),
            "due": first["due"].to_numpy(),
        }
    )
    return found.sort_values(["first_day", "form", "name"], ignore_index=True)
