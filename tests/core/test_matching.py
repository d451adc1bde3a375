from __future__ import annotations

import pandas as pd
import pytest

from attendance.core.imports import ImportedPupil
from attendance.core.matching import PupilMatch, bare_number, match_pupils

COLUMNS = ["pupil_id", "upn", "former_upn", "admission_number", "surname", "forename"]
AMINA = (1, "A1", None, "004101", "Testwick", "Amina")
BRAM = (2, "B2", "B9", "4102", "Sampleton", "Bram")
CLEO = (3, None, None, "4103", "Madeupham", "Cleo")


def matched(*pupils: tuple[str | None, str | None]) -> PupilMatch:
    """Match pupils given as (UPN, admission number)."""
    known = pd.DataFrame([AMINA, BRAM, CLEO], columns=COLUMNS)
    file = [
        ImportedPupil(key, upn, number, "Filed", "Fay", row=key + 2)
        for key, (upn, number) in enumerate(pupils)
    ]
    return match_pupils(file, known)


@pytest.mark.parametrize(
    "upn, number, found",
    [
        ("A1", None, 1),
        ("A1", "4101", 1),
        ("A1", "9999", 1),
        ("B9", None, 2),  # a former UPN
        (None, "4101", 1),
        (None, "04102.0", 2),
        ("X7", "4103", 3),  # ours has no UPN yet
        ("X7", None, None),
        (None, "9999", None),
    ],
)
def test_a_pupil_is_found_by_upn_then_by_number(
    upn: str | None, number: str | None, found: int | None
) -> None:
    match = matched((upn, number))
    assert match.pupil_ids == (found,)
    assert match.new == ((0,) if found is None else ())
    assert match.problems == ()


def test_the_number_of_a_pupil_with_another_upn_makes_a_new_pupil_and_is_said() -> None:
    match = matched(("X7", "4101"))
    assert (match.new, match.ambiguous) == ((0,), ())
    assert "4101 is Amina Testwick’s here" in match.problems[0].says


def test_upn_and_number_that_point_at_two_pupils_are_held() -> None:
    match = matched(("A1", "4102"))
    assert (match.pupil_ids, match.ambiguous, match.new) == ((None,), (0,), ())
    assert "could be Amina Testwick or Bram Sampleton" in match.problems[0].says
    assert match.problems[0].row == 2


def test_a_number_that_two_of_ours_share_is_held() -> None:
    known = pd.DataFrame([AMINA, (4, "D4", None, "4101", "Inventley", "Dov")], columns=COLUMNS)
    match = match_pupils([ImportedPupil(0, None, "4101", "Filed", "Fay", row=2)], known)
    assert match.ambiguous == (0,)


def test_two_pupils_of_the_file_that_reach_one_of_ours_are_both_held() -> None:
    match = matched(("B2", None), ("B9", None), ("A1", None))
    assert match.pupil_ids == (None, None, 1)
    assert (match.ambiguous, match.new) == ((0, 1), ())
    assert "Rows 2 and 3 are two pupils in the file but one on our roll" in match.problems[0].says


def test_a_present_upn_wins_over_another_pupils_former_one() -> None:
    known = pd.DataFrame([BRAM, (5, "B9", None, None, "Fableford", "Esi")], columns=COLUMNS)
    match = match_pupils([ImportedPupil(0, "B9", None, "Filed", "Fay")], known)
    assert match.pupil_ids == (5,)


def test_pupils_whom_the_file_does_not_name_are_missing() -> None:
    assert matched(("A1", None)).missing == (2, 3)


def test_an_empty_roll_makes_every_pupil_new() -> None:
    match = match_pupils([ImportedPupil(0, "A1", None, "F", "F")], pd.DataFrame(columns=COLUMNS))
    assert (match.new, match.missing) == ((0,), ())


@pytest.mark.parametrize("text, bare", [("004105", "4105"), ("4105.0", "4105"), (None, ""),
                                        ("000", "000"), ("ab12", "AB12")])  # fmt: skip
def test_leading_zeros_do_not_count_in_an_admission_number(text: str | None, bare: str) -> None:
    assert bare_number(text) == bare
