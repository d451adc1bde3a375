from dataclasses import replace
from datetime import date, time

import pytest

from attendance.core.register_times import USUAL, check_times
from attendance.errors import Refused

TODAY = date(2026, 11, 24)
HALF_HOUR = replace(USUAL, am_closes=time(9, 0), pm_closes=time(13, 30))


def test_the_usual_times_keep_to_the_guidance():
    check_times(USUAL, TODAY)


def test_a_register_is_open_for_thirty_minutes_at_most():
    check_times(HALF_HOUR, TODAY)
    with pytest.raises(Refused, match="open for 31 minutes"):
        check_times(replace(HALF_HOUR, am_closes=time(9, 1)), TODAY)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"am_closes": time(8, 30)}, "morning register closes before it opens"),
        ({"pm_closes": time(12, 0)}, "afternoon register closes before it opens"),
        ({"pm_opens": time(8, 55), "pm_closes": time(9, 20)}, "before the morning one has closed"),
        ({"pm_closes": time(13, 20)}, "same length of time"),
    ],
)
def test_times_that_cannot_be_are_one_sentence(changes, said):
    with pytest.raises(Refused, match=said):
        check_times(replace(USUAL, **changes), TODAY)
