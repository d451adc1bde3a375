from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from attendance.core.slots import Session, moment_of, slot_of
from attendance.demo.calendar import school_days_of
from attendance.rules.codes import CODE_OF, SYMBOL_OF, code_on
from tests.demo.measure import SUMMER_ENDS, TODAY, demo

LONDON = ZoneInfo("Europe/London")


def mark_at(school, made):
    school_year = made.day.year if made.day.month >= 8 else made.day.year - 1
    line = school.marks[school_year][made.row]
    return CODE_OF[chr(line[slot_of(school_year, made.day, made.session)])]


@pytest.mark.parametrize("today", [TODAY, SUMMER_ENDS, date(2026, 8, 20), date(2026, 9, 4)])
def test_the_register_holds_what_the_last_amendment_says(today):
    school = demo(today)
    last = {(made.row, made.day, made.session): made for made in school.amendments}
    assert all(mark_at(school, made) == made.amended for made in last.values())


def test_each_amendment_starts_from_what_the_one_before_left():
    chains = defaultdict(list)
    for made in demo().amendments:
        chains[made.row, made.day, made.session].append(made)
    for chain in chains.values():
        assert all(a.amended == b.original for a, b in zip(chain, chain[1:], strict=False))
        assert all(made.original != made.amended for made in chain)
    assert any(len(chain) == 2 for chain in chains.values())


def test_there_are_a_few_hundred_amendments_and_some_dozens_lately():
    amendments = demo().amendments
    lately = [made for made in amendments if made.day >= TODAY - timedelta(days=21)]
    assert 250 <= len(amendments) <= 700
    assert 40 <= len(lately) <= 80


def test_amendments_are_in_order_each_after_its_session_and_before_today():
    amendments = demo().amendments
    moments = [made.at for made in amendments]
    assert moments == sorted(moments)
    for made in amendments:
        taken = datetime.combine(made.day, datetime.min.time(), LONDON) + timedelta(hours=8)
        assert taken < made.at < datetime(2026, 11, 24, tzinfo=UTC)
        assert made.at.tzinfo is UTC


def test_amendments_are_made_by_staff_in_school_hours_with_a_reason():
    school = demo()
    usernames = {person.username for person in school.staff}
    days = {d.item() for year in school.school_years for d in school_days_of(year).days}
    for made in school.amendments:
        local = made.at.astimezone(LONDON)
        assert local.date() in days and 8 <= local.hour < 16
        assert made.username in usernames and made.reason
        code_on(made.original, made.day), code_on(made.amended, made.day)


def test_a_reason_becomes_not_established_only_after_five_school_days():
    days = [d.item() for year in (2025, 2026) for d in school_days_of(year).days]
    for made in demo().amendments:
        if (made.original, made.amended) == ("N", "O"):
            later = days.index(made.at.astimezone(LONDON).date()) - days.index(made.day)
            assert later >= 5


def test_about_six_in_ten_unexplained_absences_of_the_last_five_days_are_still_open():
    school = demo()
    days = school_days_of(2026)
    now = days.index(TODAY)
    slots = np.concatenate([days.am_slot[now - 4 : now + 1], days.am_slot[now - 4 : now + 1] + 1])
    recent = school.marks[2026][:, slots]
    still_open = (recent == ord("N")).sum()
    assert 0.5 < still_open / (still_open + (recent == ord("O")).sum()) < 0.8


def test_a_few_open_reasons_are_older_than_five_school_days_and_none_very_old():
    school = demo()
    days = school_days_of(2026)
    now = days.index(TODAY)
    before = school.marks[2026][:, : days.am_slot[now - 4]] == ord(SYMBOL_OF["N"])
    assert 2 <= before.any(axis=1).sum() <= 8
    assert not before[:, : days.am_slot[now - 14]].any()
    assert not (school.marks[2025] == ord(SYMBOL_OF["N"])).any()


def test_every_late_mark_has_its_minutes_and_u_means_more_than_half_an_hour():
    school = demo()
    for school_year in school.school_years:
        details, marks = school.details[school_year], school.marks[school_year]
        assert not details.duplicated(["row", "slot"]).any()
        late = details[details["minutes_late"].notna()]
        symbols = marks[late["row"], late["slot"]]
        assert len(late) == np.isin(marks, [ord("L"), ord("U")]).sum()
        minutes = late["minutes_late"].astype(int).to_numpy()
        assert (minutes[symbols == ord("L")] <= 30).all()
        assert (minutes[symbols == ord("U")] > 30).all()


def test_comments_stand_on_absences_and_activities_only():
    school = demo()
    noted = school.details[2025].dropna(subset=["comment"])
    codes = {CODE_OF[chr(s)] for s in school.marks[2025][noted["row"], noted["slot"]]}
    assert codes <= {"I", "M", "O", "C", "B", "G"}
    assert 300 < len(noted) < 3000


def test_every_day_in_the_details_is_a_session():
    details = demo().details[2026]
    day, session = moment_of(2026, int(details["slot"].iloc[0]))
    assert day < TODAY + timedelta(days=1) and session in Session
