"""What the charts of the Absence page are drawn from, and the tables that say the same."""

from __future__ import annotations

from typing import Any

import pandas as pd

from attendance.charts.parts import per_cent
from attendance.services.absence import AbsenceReport
from attendance.ui.absence_words import FEW

_NOTHING = "–"
MOST_REASONS = 9


def dots(report: AbsenceReport) -> pd.DataFrame:
    """What is drawn of each group; one of too few sessions has its place and no dot."""
    shown = report.split[_is_told(report)]
    drawn = pd.DataFrame(
        {
            "group": shown.index,
            "rate": shown["absence_rate"].astype("float64"),
            "low": shown["low"].astype("float64"),
            "high": shown["high"].astype("float64"),
            "n": shown["pupils"].astype("int64"),
            "comparator": shown["comparator"].astype("float64"),
        }
    ).reset_index(drop=True)
    few = drawn.index[shown["possible_sessions"].to_numpy() < report.small_base]
    drawn.loc[few, ["rate", "low", "high"]] = float("nan")
    return drawn


def _is_told(report: AbsenceReport) -> pd.Series:
    """Groups that are too small to be shown have no place on the chart; the table says so."""
    if "hides_pupils" in report.split:
        return ~report.split["hides_pupils"]
    return report.split["pupils"] > 0


def groups_table(report: AbsenceReport) -> pd.DataFrame:
    """The groups, those too small with the word for it."""
    return pd.DataFrame(
        [_group_row(report, str(name), row) for name, row in report.split.iterrows()]
    )


def _group_row(report: AbsenceReport, name: str, row: pd.Series) -> dict[str, str]:
    hides = bool(row.get("hides_pupils", False))
    is_thin = not hides and row["possible_sessions"] < report.small_base
    hides_persistent = bool(row.get("hides_persistent", False))
    share = None
    if not hides_persistent and not is_thin:
        share = row["persistently_absent"] / row["pupils"]
    return {
        "Group": name,
        "Pupils": _number(row, "pupils"),
        "Missed": _number(row, "absent_sessions"),
        "Possible": _number(row, "possible_sessions"),
        "Absence": "too few to tell" if is_thin else _rate(row["absence_rate"]),
        "Pupils missing 10\u202f% or more": _number(row, "persistently_absent"),
        "Of the pupils": _rate(share),
        report.against.capitalize(): _rate(row["comparator"]),
    }


def _number(row: pd.Series, name: str) -> str:
    """A whole number; or why it is not there."""
    if not pd.isna(row[name]):
        return f"{row[name]:,.0f}"
    small = {"pupils": "few_pupils", "persistently_absent": "few_persistent"}
    return FEW if name in small and row[small[name]] else "not shown"


def weeks_table(report: AbsenceReport) -> pd.DataFrame:
    """This year and last year, week by week."""
    wide = report.weeks.pivot(index=["week", "label"], columns="series", values=["absence_rate"])
    possible = report.weeks[report.weeks["series"] == "This year"]["possible_sessions"]
    rates = {series: wide["absence_rate"].get(series) for series in ("This year", "Last year")}
    table = pd.DataFrame({"Week": [label for _, label in wide.index]})
    for series, values in rates.items():
        if values is not None:
            table[series] = [_rate(value) for value in values]
    table["Possible sessions this year"] = [_whole(number) for number in possible]
    return table


def weekdays_table(drawn: pd.DataFrame) -> pd.DataFrame:
    """The days of the week."""
    return pd.DataFrame(
        {
            "Day": drawn["label"],
            "Morning": drawn["morning"].map(_rate),
            "Afternoon": drawn["afternoon"].map(_rate),
            "Day as a whole": drawn["rate"].map(_rate),
            "Missed": drawn["missed"].map(_whole),
            "Possible": drawn["possible"].map(_whole),
            "Last year": drawn["comparator"].map(_rate),
        }
    )


def bars(found: pd.DataFrame) -> pd.DataFrame:
    """The commonest reasons."""
    drawn = found.head(MOST_REASONS)[["code", "short", "sessions", "state"]]
    return drawn.rename(columns={"short": "name"})


def reasons_table(found: pd.DataFrame) -> pd.DataFrame:
    """Every reason."""
    total = int(found["sessions"].sum())
    return pd.DataFrame(
        {
            "Code": found["code"],
            "Meaning": found["name"],
            "Sessions": found["sessions"].map("{:,}".format),
            "Of all missed": (found["sessions"] / max(total, 1)).map(per_cent),
        }
    )


def _whole(value: Any) -> str:
    return _NOTHING if pd.isna(value) else f"{value:,.0f}"


def _rate(value: Any) -> str:
    return _NOTHING if pd.isna(value) else per_cent(float(value))
