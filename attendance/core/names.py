"""What pupils are called: preferred name, then surname; the legal name only where it is asked."""

from __future__ import annotations

import re

import pandas as pd


def called(pupils: pd.DataFrame) -> pd.Series[str]:
    """'Kez Oduya' for each row of a register's pupils."""
    return first_names(pupils) + " " + pupils["surname"]


def first_names(pupils: pd.DataFrame) -> pd.Series[str]:
    """The preferred name, or the forename where no other is known."""
    preferred = pupils["preferred_name"]
    return preferred.where(preferred != "", pupils["forename"])


def by_surname(pupils: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of a class list: surname, then the name the pupil goes by."""
    keys = pd.DataFrame(
        {
            "surname": pupils["surname"].str.casefold(),
            "first": first_names(pupils).str.casefold(),
            "id": pupils["pupil_id"],
        }
    )
    return pupils.loc[keys.sort_values(["surname", "first", "id"]).index]


def plain(text: str) -> str:
    """A name made inert for Markdown: it reads as it was written, whatever signs it holds."""
    return _MARKDOWN.sub(r"\\\1", text)


_MARKDOWN = re.compile(r"([\\`*_\[\]<>#$:~|!])")
