"""Groups of pupils, each counted only while it belonged."""

from dataclasses import dataclass
from datetime import date

import pytest

from attendance.core.cohort_facts import Facts
from attendance.core.cohorts import (
    NAMES,
    Cohort,
    UnknownCohort,
    cohort_of,
    values_known,
    within,
)
from attendance.core.figures import pupil_counts
from tests.build import register

# register(r"…") begins on Monday 7 September 2026, and a day is two sessions.
MON, TUE, WED, THU = (date(2026, 9, day) for day in (7, 8, 9, 10))
FOUR_DAYS = r"/\ II /\ II"


@dataclass(frozen=True)
class Fact:
    pupil_id: int
    kind: str
    first_day: date
    last_day: date | None = None
    detail: str = ""


@dataclass(frozen=True)
class Place:
    pupil_id: int
    first_day: date
    year_group: int
    form: str


@dataclass(frozen=True)
class Spell:
    pupil_id: int
    first_day: date
    inferred: bool = False


def sessions(drawn, *cohorts, facts=(), places=(), spells=()):
    """Pupil id -> (possible, absent) sessions of those in every cohort."""
    asked = [Cohort(*text.split("=")) for text in cohorts]
    seen = within(drawn, asked, Facts(facts, places, spells))
    counts = pupil_counts(seen)
    pairs = zip(counts["possible_sessions"], counts["absent_sessions"], strict=True)
    found = dict(zip(seen.pupils["pupil_id"], pairs, strict=True))
    return {pupil_id: counted for pupil_id, counted in found.items() if counted[0]}


def test_a_pupil_who_moved_form_counts_in_each_form_for_the_days_spent_in_it():
    drawn = register(FOUR_DAYS, FOUR_DAYS, forms=["9L", "9L"])
    places = [Place(1, MON, 9, "9K"), Place(1, WED, 9, "9L"), Place(2, MON, 9, "9L")]
    assert sessions(drawn, "form=9K", places=places) == {1: (4, 2)}
    assert sessions(drawn, "form=9L", places=places) == {1: (4, 2), 2: (8, 4)}
    assert sessions(drawn, "year=9", places=places) == {1: (8, 4), 2: (8, 4)}


def test_last_years_placement_ends_with_last_year_though_the_new_one_is_first_seen_later():
    drawn = register(FOUR_DAYS, forms=["9K"])
    places = [Place(1, date(2025, 9, 1), 8, "8K"), Place(1, TUE, 9, "9K")]
    assert sessions(drawn, "year=9", places=places) == {1: (8, 4)}
    assert sessions(drawn, "year=8", places=places) == {}


def test_a_placement_made_before_the_year_for_the_year_holds_until_the_next():
    drawn = register(FOUR_DAYS, forms=["9L"])
    places = [Place(1, date(2026, 7, 20), 9, "9K"), Place(1, THU, 9, "9L")]
    assert sessions(drawn, "form=9K", places=places) == {1: (6, 2)}


def test_next_years_placement_says_nothing_of_this_year():
    drawn = register(FOUR_DAYS)
    places = [Place(1, MON, 9, "9K"), Place(1, date(2027, 9, 1), 10, "10A")]
    assert sessions(drawn, "form=9K", places=places) == {1: (8, 4)}


def test_a_pupil_of_whom_no_placement_is_kept_is_where_the_register_has_them():
    drawn = register(FOUR_DAYS, FOUR_DAYS, year_groups=[9, 10])
    assert sessions(drawn, "year=10") == {2: (8, 4)}


def test_free_school_meals_count_from_the_day_they_began_to_the_day_they_ended():
    drawn = register(FOUR_DAYS, FOUR_DAYS)
    facts = [Fact(1, "fsm", TUE, WED)]
    assert sessions(drawn, "fsm=yes", facts=facts) == {1: (4, 2)}
    assert sessions(drawn, "fsm=no", facts=facts) == {1: (4, 2), 2: (8, 4)}


@pytest.mark.parametrize(
    "value, found", [("support", [1, 2]), ("ehcp", [2, 3]), ("any", [1, 2, 3]), ("none", [4])]
)
def test_a_pupil_with_a_plan_is_no_longer_on_sen_support(value, found):
    drawn = register(*[FOUR_DAYS] * 4)
    facts = [
        Fact(1, "sen_support", MON), Fact(2, "sen_support", MON), Fact(2, "ehcp", WED),
        Fact(3, "ehcp", MON),
    ]  # fmt: skip
    seen = sessions(drawn, f"sen={value}", facts=facts)
    assert list(seen) == found
    if value in ("support", "ehcp"):
        assert seen[2] == (4, 2)


def test_two_cohorts_at_once_are_who_is_in_both_while_in_both():
    drawn = register(*[FOUR_DAYS] * 3)
    facts = [Fact(1, "fsm", MON), Fact(1, "ehcp", THU), Fact(2, "fsm", MON), Fact(3, "ehcp", MON)]
    assert sessions(drawn, "fsm=yes", "ehcp=yes", facts=facts) == {1: (2, 2)}


def test_ethnicity_is_its_code():
    drawn = register(*[FOUR_DAYS] * 3)
    facts = [Fact(1, "ethnicity", MON, None, "WBRI"), Fact(2, "ethnicity", MON, None, "BAFR")]
    assert list(sessions(drawn, "ethnicity=BAFR", facts=facts)) == [2]


def test_new_this_year_is_who_joined_since_august_and_not_the_intake():
    drawn = register(*[FOUR_DAYS] * 4, year_groups=[7, 7, 8, 8])
    spells = [
        Spell(1, date(2026, 9, 1)), Spell(2, TUE), Spell(3, date(2025, 9, 1)),
        Spell(4, date(2026, 9, 1)),
    ]  # fmt: skip
    assert list(sessions(drawn, "new=yes", spells=spells)) == [2, 4]
    assert list(sessions(drawn, "new=no", spells=spells)) == [1, 3]


def test_nobody_is_new_by_the_first_register_the_school_ever_gave():
    drawn = register(*[FOUR_DAYS] * 3, year_groups=[7, 8, 8])
    spells = [Spell(1, MON, True), Spell(2, MON, True), Spell(3, TUE, True)]
    assert list(sessions(drawn, "new=yes", spells=spells)) == [3]


def test_age_is_on_31_august_and_parts_off_who_is_in_no_published_figure():
    born = [date(2022, 8, 31), date(2021, 8, 31), date(2010, 9, 1), date(2010, 8, 31)]
    drawn = register(*[FOUR_DAYS] * 4, born=born)
    found = {value: list(sessions(drawn, f"age={value}")) for value in ("4", "5-15", "16+")}
    assert found == {"4": [1], "5-15": [2, 3], "16+": [4]}


def test_what_the_whole_school_showed_stays_known():
    drawn = register(FOUR_DAYS, r"/\ /\ /\ /\ ", forms=["9K", "9L"], to_come=2)
    seen = within(drawn, [Cohort("form", "9K")], Facts())
    assert (seen.latest, seen.covered.sum()) == (drawn.latest, drawn.covered.sum())


def test_every_cohort_can_be_asked_for_and_yes_and_no_add_up_to_everybody():
    drawn = register(FOUR_DAYS, FOUR_DAYS)
    facts = Facts([Fact(n, name, TUE, None, "WBRI") for n in (1, 2) for name in NAMES])
    for name, values in values_known([drawn], facts).items():
        assert values, name
        # Support and a plan are any; the rest are none.
        parts = ("any", "none") if name == "sen" else values
        seen = [within(drawn, [Cohort(name, value)], facts) for value in parts]
        total = sum(int(pupil_counts(each)["possible_sessions"].sum()) for each in seen)
        assert total == (12 if name == "ethnicity" else 16), name


VALUES = {"fsm": ("yes", "no"), "form": ("9K", "9L"), "ethnicity": ()}


@pytest.mark.parametrize("text", ["fsm=yes", "FSM=Yes", " fsm = yes "])
def test_a_cohort_may_be_typed_in_capitals(text):
    assert cohort_of(text, VALUES) == Cohort("fsm", "yes")


def test_a_group_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(UnknownCohort, match="Choose fsm, form or ethnicity"):
        cohort_of("hats=yes", VALUES)
    with pytest.raises(UnknownCohort, match="fsm is not 'perhaps'. It can be yes or no"):
        cohort_of("fsm=perhaps", VALUES)
    with pytest.raises(UnknownCohort, match="form is not ''. It can be 9K or 9L"):
        cohort_of("form", VALUES)
    with pytest.raises(UnknownCohort, match="none is recorded"):
        cohort_of("ethnicity=WBRI", VALUES)


def test_the_forms_that_can_be_asked_for_include_those_a_pupil_has_left():
    drawn = register(FOUR_DAYS, forms=["9L"])
    places = [Place(1, MON, 9, "9K"), Place(1, WED, 9, "9L")]
    assert values_known([drawn], Facts((), places))["form"] == ("9K", "9L")


def test_every_cohort_says_its_name_in_words():
    assert Cohort("form", "9K").words == "Form 9K"
    assert Cohort("fsm", "no").words == "Free school meals: no"


def test_a_placement_of_a_pupil_of_another_register_changes_nobody():
    drawn = register(FOUR_DAYS)
    places = [Place(1, MON, 9, "9K"), Place(77, MON, 9, "9K")]
    assert sessions(drawn, "form=9K", places=places) == {1: (8, 4)}
