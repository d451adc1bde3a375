from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from attendance.core.absence import Period
from attendance.core.cohorts import Cohort
from attendance.core.people import Person
from attendance.core.slots import Session
from attendance.core.views import View
from attendance.errors import NotAllowed
from attendance.rules.roles import Role
from attendance.services.absence import absence_report
from attendance.services.absence_groups import group_masks
from attendance.services.absence_scope import Asked, Split, as_seen_by, choices, splits
from attendance.store import particulars, pupils, schools
from attendance.store.engine import write
from attendance.store.particulars import Characteristic
from tests.build import person, register

NOW = datetime(2026, 9, 18, 16, 0, tzinfo=UTC)
PRESENT = r"/\ " * 5
WEEK_ILL = r"II /\ /\ /\ /\ "
LAST_YEAR = date(2025, 9, 8)


@pytest.fixture
def school(sqlite_engine):
    with write(sqlite_engine) as tx:
        made = schools.add_school(tx, "Invented Academy", "999001", "secondary", NOW)
        new = [pupils.NewPupil(f"Surname{n}", f"Name{n}") for n in range(60)]
        pupils.add_pupils(tx, made, new)
    return sqlite_engine


def of_year(year_group, form, ill, present, start=0):
    """Lines, year groups and forms of some pupils who were ill for a day, and some who were not."""
    size = ill + present
    lines = [WEEK_ILL] * ill + [PRESENT] * present
    return lines, [year_group] * size, [form] * size


def drawn(*parts, first_day=date(2026, 9, 7), **world):
    lines, years, forms = (sum(each, []) for each in zip(*parts, strict=True))
    return register(*lines, first_day=first_day, year_groups=years, forms=forms, **world)


THIS = drawn(of_year(7, "7A", 1, 9), of_year(7, "7B", 2, 4), of_year(9, "9K", 3, 2))
BEFORE = drawn(
    of_year(7, "7A", 4, 6), of_year(9, "9K", 0, 10), of_year(9, "9K", 5, 0), first_day=LAST_YEAR
)


def report_for(school, role=Role.ATTENDANCE_OFFICER, *scope, this=THIS, before=BEFORE, **asked):
    return absence_report(school, person(role, *scope), this, before, Asked(**asked), "secondary")


def test_the_school_is_pooled_over_its_sessions_to_the_latest_one(school):
    total = report_for(school).total
    assert (total.pupils, total.possible, total.missed) == (21, 210, 12)
    assert (total.authorised, total.unauthorised) == (12, 0)
    assert (total.persistent, total.severe) == (6, 0)
    assert total.rate == pytest.approx(12 / 210)
    assert total.persistent_rate == pytest.approx(6 / 21)
    assert total.until == (date(2026, 9, 11), Session.PM)


def test_the_sum_of_the_year_groups_and_of_the_forms_is_the_school(school):
    for split in (Split.YEARS, Split.FORMS):
        found = report_for(school, split=split).split
        assert found["pupils"].sum() == 21
        assert found["possible_sessions"].sum() == 210
        assert found["absent_sessions"].sum() == 12
        assert found["persistently_absent"].sum() == 6


def test_years_and_forms_stand_in_their_own_order_whatever_their_figures(school):
    upside_down = drawn(of_year(10, "10A", 5, 0), of_year(9, "9K", 0, 5), of_year(7, "7B", 2, 3))
    years = report_for(school, this=upside_down).split
    assert years.index.tolist() == ["Year 7", "Year 9", "Year 10"]
    forms = report_for(school, this=upside_down, split=Split.FORMS).split
    assert forms.index.tolist() == ["7B", "9K", "10A"]


def test_a_year_group_is_held_against_the_same_year_group_last_year(school):
    found = report_for(school)
    assert found.against == "the same year group last year"
    assert found.split["comparator"].tolist() == pytest.approx([8 / 100, 10 / 150])


def test_a_year_group_that_did_not_exist_last_year_has_nothing_to_be_held_against(school):
    found = report_for(school, before=drawn(of_year(7, "7A", 4, 6), first_day=LAST_YEAR))
    assert np.isnan(found.split.loc["Year 9", "comparator"])


def test_a_form_is_held_against_its_own_year_group(school):
    found = report_for(school, split=Split.FORMS).split
    assert found["comparator"].tolist() == pytest.approx([6 / 160, 6 / 160, 6 / 50])


def test_last_year_is_counted_to_the_same_school_week(school):
    longer = drawn((["/\\ " * 5 + "II " * 5], [7], ["7A"]), first_day=date(2025, 9, 1))
    before = report_for(school, before=longer).before
    assert (before.possible, before.missed) == (10, 0)
    assert before.until == (date(2025, 9, 5), Session.PM)


def test_without_last_years_register_there_is_no_comparison(school):
    found = report_for(school, before=register(first_day=LAST_YEAR))
    assert found.before is None
    assert found.split["comparator"].isna().all()
    assert set(found.weeks["series"]) == {"This year"}
    assert found.weekdays["comparator"].isna().all()


def test_a_year_that_began_in_spring_is_no_comparison(school):
    spring = drawn(of_year(7, "7A", 4, 6), first_day=date(2026, 1, 5))
    assert report_for(school, before=spring).before is None


def test_a_year_that_was_not_marked_by_then_is_no_comparison(school):
    blank = drawn((["-- " * 5], [7], ["7A"]), first_day=LAST_YEAR)
    assert report_for(school, before=blank).before is None


def test_the_national_figure_is_this_time_last_year_and_never_a_full_year(school):
    late = drawn(of_year(7, "7A", 1, 9), first_day=date(2026, 11, 23))
    found = report_for(school, this=late)
    assert (found.national.series, found.national.period) == ("daily", "Year to date")
    assert found.national.academic_year == "2025/26"
    assert found.national.as_at <= date(2025, 11, 28)
    assert found.national_persistent is None


@pytest.mark.parametrize("asked", [{"period": Period.FOUR_WEEKS}, {"form": "7A"}])
def test_a_few_weeks_or_one_form_are_not_held_against_the_national_year_to_date(school, asked):
    late = drawn(of_year(7, "7A", 1, 9), of_year(7, "7B", 0, 1), first_day=date(2026, 11, 23))
    assert report_for(school, this=late, **asked).national is None


def test_a_tutors_form_is_not_held_against_a_national_figure(school):
    late = drawn(of_year(7, "7A", 1, 9), first_day=date(2026, 11, 23))
    found = report_for(school, Role.TEACHER_FORM_TUTOR, "7A", this=late)
    assert (found.who, found.national) == ("7A", None)


@pytest.mark.parametrize(
    "role, scope, asked, who, pupils_counted",
    [
        (Role.ATTENDANCE_OFFICER, (), {}, "Years 7 to 9", 21),
        (Role.ATTENDANCE_OFFICER, (), {"year_group": 9}, "Year 9", 5),
        (Role.ATTENDANCE_OFFICER, (), {"year_group": 7, "form": "7B"}, "7B", 6),
        (Role.PASTORAL_DHOY, ("9",), {}, "Year 9", 5),
        (Role.TEACHER_FORM_TUTOR, ("7B",), {}, "7B", 6),
    ],
)
def test_the_figure_is_of_whom_the_person_reaches(school, role, scope, asked, who, pupils_counted):
    found = report_for(school, role, *scope, **asked)
    assert (found.who, found.total.pupils) == (who, pupils_counted)


def test_asking_for_another_year_group_opens_nothing_beyond_ones_own(school):
    assert report_for(school, Role.PASTORAL_DHOY, "9", year_group=7) is None
    assert report_for(school, Role.TEACHER_FORM_TUTOR, "7A", form="7B") is None


def test_a_school_of_one_year_group_is_called_by_it(school):
    assert report_for(school, this=drawn(of_year(7, "7A", 1, 9))).who == "Year 7"


def test_a_period_without_marks_has_no_report(school):
    assert report_for(school, this=register("--")) is None
    before_term = (date(2026, 8, 3), date(2026, 8, 7))
    assert report_for(school, period=Period.CUSTOM, days=before_term) is None


def test_the_dfe_comparable_view_leaves_out_the_sixth_form(school):
    both = drawn(of_year(11, "11A", 1, 4), of_year(12, "12A", 2, 3))
    assert report_for(school, this=both).total.pupils == 10
    comparable = report_for(school, this=both, view=View.DFE)
    assert (comparable.total.pupils, comparable.who) == (5, "Year 11")


@pytest.mark.parametrize("role", [Role.ADMIN_STAFF, Role.EWO_VISITOR, Role.SYSTEM_ADMIN])
def test_roles_without_a_dashboard_are_refused(school, role):
    with pytest.raises(NotAllowed):
        report_for(school, role)


def test_this_years_weeks_stand_beside_last_years_same_school_weeks(school):
    found = report_for(school).weeks
    assert found[["label", "series", "possible_sessions"]].values.tolist() == [
        ["Week of 7 September 2026", "This year", 210],
        ["Week of 7 September 2026", "Last year", 250],
    ]


def test_a_week_of_holiday_breaks_the_line(school):
    lines = ([PRESENT + "## " * 5 + PRESENT], [7], ["7A"])
    found = report_for(school, this=drawn(lines)).weeks
    this_year = found[found["series"] == "This year"]
    assert this_year["absence_rate"].isna().tolist() == [False, True, False]


def test_the_days_of_the_week_add_up_and_carry_last_years_rate(school):
    days = report_for(school).weekdays
    assert days["missed"].tolist() == [12, 0, 0, 0, 0]
    assert days["possible"].sum() == 210
    assert days["morning"].tolist()[0] == days["afternoon"].tolist()[0] == 6 / 21
    assert days["comparator"].tolist() == pytest.approx([18 / 50, 0, 0, 0, 0])


def test_reasons_add_up_to_the_sessions_missed(school):
    assert report_for(school).reasons["sessions"].sum() == 12


# A governor: small numbers are hidden, and what would give them away.


def test_a_governor_sees_no_year_group_of_nine_and_sees_one_of_ten(school):
    nine = drawn(of_year(7, "7A", 0, 9), of_year(8, "8A", 0, 9), of_year(9, "9K", 0, 10))
    found = report_for(school, Role.GOVERNOR, this=nine, before=nine)
    assert found.is_suppressed
    assert found.split["hides_pupils"].tolist() == [True, True, False]
    assert found.split["absence_rate"].isna().tolist() == [True, True, False]


def test_when_one_year_group_is_hidden_from_a_governor_so_is_the_next_smallest(school):
    one = drawn(of_year(7, "7A", 0, 12), of_year(8, "8A", 0, 9), of_year(9, "9K", 0, 11))
    found = report_for(school, Role.GOVERNOR, this=one, before=BEFORE)
    assert found.split["hides_pupils"].tolist() == [False, True, True]


@pytest.mark.parametrize("ill, is_hidden", [(0, False), (1, True), (9, True), (10, False)])
def test_a_governor_sees_no_number_of_one_to_nine_persistently_absent(school, ill, is_hidden):
    total = report_for(
        school, Role.GOVERNOR, this=drawn(of_year(7, "7A", ill, 20)), before=BEFORE
    ).total
    assert (total.persistent is None) is is_hidden
    assert (total.persistent_rate is None) is is_hidden
    assert total.pupils == ill + 20


def test_a_governor_of_a_school_of_nine_pupils_sees_no_figure_at_all(school):
    tiny = drawn(of_year(7, "7A", 1, 8))
    total = report_for(school, Role.GOVERNOR, this=tiny, before=BEFORE).total
    assert (total.pupils, total.missed, total.authorised, total.severe) == (None,) * 4
    assert (total.rate, total.persistent_rate) == (None, None)


def test_a_governor_sees_no_small_number_of_severely_absent(school):
    severe = drawn((["II II II /\\ /\\ "] * 3 + [PRESENT] * 20, [7] * 23, ["7A"] * 23))
    assert report_for(school, Role.GOVERNOR, this=severe).total.severe is None
    assert report_for(school, this=severe).total.severe == 3


def test_last_years_small_year_group_is_hidden_from_a_governor_too(school):
    this = drawn(of_year(7, "7A", 0, 20), of_year(9, "9K", 0, 20))
    before = drawn(of_year(7, "7A", 1, 8), of_year(9, "9K", 1, 30), first_day=LAST_YEAR)
    found = report_for(school, Role.GOVERNOR, this=this, before=before)
    assert found.split["comparator"].isna().all()


def test_whatever_a_governor_asks_for_forms_reasons_and_single_years_stay_closed(school):
    asked = {
        "split": Split.FORMS, "year_group": 9, "form": "9K", "period": Period.CUSTOM,
        "days": (date(2026, 9, 7), date(2026, 9, 7)),
    }  # fmt: skip
    found = report_for(school, Role.GOVERNOR, **asked)
    assert found.who == "Years 7 to 9"
    assert (found.asked.split, found.asked.period) == (Split.YEARS, Period.YEAR)
    assert found.reasons is None


def with_sixth_form(sixth, ill=0):
    return drawn(of_year(11, "11A", 0, 20), of_year(12, "12A", ill, sixth - ill))


@pytest.mark.parametrize("sixth, view", [(9, View.SCHOOL), (10, View.DFE)])
def test_a_governor_gets_the_other_view_only_if_ten_pupils_or_more_lie_between(school, sixth, view):
    asked = {"this": with_sixth_form(sixth), "before": BEFORE, "view": View.DFE}
    assert report_for(school, Role.GOVERNOR, **asked).asked.view == view
    assert report_for(school, **asked).asked.view == View.DFE


@pytest.mark.parametrize("ill, view", [(0, View.DFE), (9, View.SCHOOL), (10, View.DFE)])
def test_nor_if_a_few_persistently_absent_pupils_lie_between_the_views(school, ill, view):
    asked = {"this": with_sixth_form(30, ill), "before": BEFORE, "view": View.DFE}
    assert report_for(school, Role.GOVERNOR, **asked).asked.view == view


def test_a_few_severely_absent_pupils_between_the_views_hide_that_number_only(school):
    severe = (["II II II /\\ /\\ "] * 3, [12] * 3, ["12A"] * 3)
    sixth = drawn(of_year(11, "11A", 0, 20), of_year(12, "12A", 10, 20), severe)
    asked = {"this": sixth, "before": BEFORE, "view": View.DFE}
    found = report_for(school, Role.GOVERNOR, **asked)
    assert (found.asked.view, found.total.pupils, found.total.severe) == (View.DFE, 20, None)


def test_nor_if_last_years_views_lie_so_near_to_one_another(school):
    before = drawn(of_year(11, "11A", 0, 20), of_year(12, "12A", 0, 3), first_day=LAST_YEAR)
    asked = {"this": with_sixth_form(30), "before": before, "view": View.DFE}
    assert report_for(school, Role.GOVERNOR, **asked).asked.view == View.SCHOOL


def test_of_the_dfe_comparable_view_a_governor_sees_the_total_and_no_group(school):
    asked = {"this": with_sixth_form(30), "before": BEFORE, "view": View.DFE}
    for split in (Split.YEARS, Split.GROUPS):
        found = report_for(school, Role.GOVERNOR, split=split, **asked)
        assert (found.total.pupils, len(found.split)) == (20, 0)


def test_a_governor_who_works_at_the_school_sees_their_own_year_and_no_more(school):
    both = Person(
        "pat", "Pat Invented", "Teacher", 1,
        frozenset({Role.GOVERNOR, Role.PASTORAL_DHOY}), {Role.PASTORAL_DHOY: frozenset({"9"})},
    )  # fmt: skip
    worker, is_hidden = as_seen_by(both)
    assert (worker.roles, is_hidden) == (frozenset({Role.PASTORAL_DHOY}), False)
    found = absence_report(school, both, THIS, BEFORE, Asked(), "secondary")
    assert (found.who, found.total.pupils) == ("Year 9", 5)


# Groups of pupils.


def tell(school, *facts):
    with write(school) as tx:
        particulars.add_characteristics(
            tx, 1, [Characteristic(pupil, kind, date(2026, 1, 1)) for pupil, kind in facts]
        )


def group_names(school, role, *scope):
    found = report_for(school, role, *scope, split=Split.GROUPS)
    return found.split.index.tolist()


FSM = ["Eligible for free school meals", "Not eligible for free school meals"]
SEN = ["EHC plan", "SEN support", "No special educational needs"]


def test_each_split_parts_everybody_and_an_ehc_plan_goes_before_sen_support(school):
    tell(school, (1, "fsm"), (2, "fsm"), (2, "sen_support"), (2, "ehcp"), (3, "sen_support"))
    found = report_for(school, split=Split.GROUPS)
    assert found.against == "all together"
    assert found.split.loc[FSM, "pupils"].tolist() == [2, 19]
    assert found.split.loc[SEN, "pupils"].tolist() == [1, 1, 19]
    assert found.split["comparator"].tolist() == pytest.approx([12 / 210] * len(found.split))


def test_a_group_that_nobody_is_in_is_not_shown(school):
    assert "EHC plan" not in group_names(school, Role.ATTENDANCE_OFFICER)


@pytest.mark.parametrize(
    "role, scope, is_seen",
    [
        (Role.ATTENDANCE_OFFICER, (), False),
        (Role.PASTORAL_DHOY, ("7",), False),
        (Role.DSL, (), True),
        (Role.HEADTEACHER, (), True),
    ],
)
def test_looked_after_pupils_are_a_group_for_dsl_and_head_only(school, role, scope, is_seen):
    tell(school, (1, "looked_after"))
    assert ("Looked after" in group_names(school, role, *scope)) is is_seen


def test_a_tutor_sees_special_educational_needs_and_no_other_flag(school):
    tell(school, *((1, kind) for kind in ("fsm", "ehcp", "eal", "pupil_premium", "looked_after")))
    names = group_names(school, Role.TEACHER_FORM_TUTOR, "7A")
    assert names == ["EHC plan", "No special educational needs", "Girls"]


def test_a_governor_sees_free_school_meals_and_sen_and_nothing_else(school):
    tell(school, *((n, "fsm") for n in range(1, 12)), *((n, "sen_support") for n in range(1, 11)))
    found = report_for(school, Role.GOVERNOR, split=Split.GROUPS).split
    assert found.index.tolist() == [*FSM, "SEN support", "No special educational needs"]
    assert found["hides_pupils"].tolist() == [False] * 4


def test_a_small_group_hides_its_counterpart_from_a_governor(school):
    tell(school, *((n, "fsm") for n in range(1, 10)))
    found = report_for(school, Role.GOVERNOR, split=Split.GROUPS).split
    assert found.loc[FSM, "hides_pupils"].tolist() == [True, True]


def test_pupils_who_joined_this_year_are_a_group_without_the_lowest_year(school):
    joined = drawn(of_year(7, "7A", 0, 2), of_year(9, "9K", 0, 2))
    joined.pupils["first_day"] = [date(2026, 9, 1), None, date(2026, 8, 1), date(2026, 7, 31)]
    masks = [list(each) for each in group_masks(person(), joined, {}, False)]
    assert masks[-1] == ["Joined this school year (not Year 7)", "Here before this year"]
    found = report_for(school, this=joined, split=Split.GROUPS).split
    assert found.loc[masks[-1], "pupils"].tolist() == [1, 3]


def test_there_is_no_group_of_joiners_where_nobody_joined(school):
    assert "Here before this year" not in group_names(school, Role.ATTENDANCE_OFFICER)


# What may be chosen.


@pytest.mark.parametrize(
    "role, scope, asked, expected",
    [
        (Role.ATTENDANCE_OFFICER, (), {}, tuple(Split)),
        (Role.ATTENDANCE_OFFICER, (), {"year_group": 7}, (Split.FORMS, Split.GROUPS)),
        (Role.ATTENDANCE_OFFICER, (), {"form": "7A"}, (Split.GROUPS,)),
        (Role.PASTORAL_DHOY, ("7",), {}, (Split.FORMS, Split.GROUPS)),
        (Role.TEACHER_FORM_TUTOR, ("7A",), {}, (Split.GROUPS,)),
        (Role.GOVERNOR, (), {}, (Split.YEARS, Split.GROUPS)),
    ],
)
def test_pupils_are_told_apart_only_where_there_are_others_beside_them(
    role, scope, asked, expected
):
    who = person(role, *scope)
    chosen = choices(who, THIS, asked.get("year_group"))
    assert splits(who, chosen, Asked(**asked)) == expected


def test_the_forms_on_offer_are_those_of_the_chosen_year(school):
    everything = choices(person(), THIS, None)
    assert (everything.years, everything.forms) == ((7, 9), ("7A", "7B", "9K"))
    assert choices(person(), THIS, 7).forms == ("7A", "7B")
    assert choices(person(Role.PASTORAL_DHOY, "9"), THIS, None).years == (9,)


def test_a_governor_chooses_neither_year_nor_form_nor_days():
    found = choices(person(Role.GOVERNOR), THIS, None)
    assert (found.years, found.forms) == ((), ())
    assert Period.CUSTOM not in found.periods


def test_a_characteristic_counts_only_on_the_day_it_is_true(school):
    with write(school) as tx:
        over = Characteristic(1, "fsm", date(2026, 1, 1), date(2026, 9, 10))
        until_today = Characteristic(2, "fsm", date(2026, 1, 1), date(2026, 9, 11))
        particulars.add_characteristics(tx, 1, [over, until_today])
    found = report_for(school, split=Split.GROUPS).split
    assert found.loc[FSM[0], "pupils"] == 1


def test_asked_is_what_the_person_chose(school):
    asked = Asked(view=View.DFE, split=Split.FORMS)
    found = absence_report(school, person(), THIS, BEFORE, asked, "secondary")
    assert found.asked == replace(asked, view=View.DFE)


def fsm(school, *pupil_ids, kind="fsm", since=date(2025, 9, 1)):
    with write(school) as tx:
        facts = [Characteristic(pupil_id, kind, since) for pupil_id in pupil_ids]
        particulars.add_characteristics(tx, 1, facts)


def test_a_group_is_counted_alone_and_two_groups_count_who_is_in_both(school):
    fsm(school, 1, 2, 11, 17)
    fsm(school, 1, 11, 18, kind="eal")
    meals, english = Cohort("fsm", "yes"), Cohort("eal", "yes")
    assert report_for(school, cohorts=(meals,)).total.pupils == 4
    both = report_for(school, cohorts=(meals, english))
    assert (both.total.pupils, both.total.possible, both.total.missed) == (2, 20, 4)
    assert both.who == "Year 7, Free school meals: yes, English as an additional language: yes"
    assert both.national is None


def test_a_group_counts_a_session_only_while_it_was_true_of_the_pupil(school):
    fsm(school, 2, since=date(2026, 9, 9))
    total = report_for(school, cohorts=(Cohort("fsm", "yes"),)).total
    assert (total.pupils, total.possible) == (1, 6)


def test_a_governor_gets_the_whole_school_whatever_group_is_asked_for(school):
    fsm(school, 1, 2, 11, 17)
    report = report_for(school, Role.GOVERNOR, cohorts=(Cohort("fsm", "yes"),))
    assert report.total.pupils == 21


def test_a_group_that_the_role_may_not_know_of_is_refused(school):
    with pytest.raises(NotAllowed, match="not something that your role"):
        report_for(school, Role.PASTORAL_DHOY, "9", cohorts=(Cohort("social_worker", "yes"),))
