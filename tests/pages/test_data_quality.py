"""The Data quality page: what each role sees of what is wrong, and the kind empty states."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from sqlalchemy import Connection, text

from attendance.core.slots import Session, slot_of
from attendance.services import quality
from attendance.services.registers import load_register
from tests.clock import still_clock
from tests.screens import Screens, words

__all__ = ["still_clock"]
pytestmark = pytest.mark.usefixtures("still_clock")

_REVISIONS = count(70_000)
HOSTILE = "*Bo* :red[x] <script>alert(1)</script>"


def moved(tx: Connection) -> None:
    """Every cached register is out of date: also one of another test's copy of the school."""
    tx.execute(text("UPDATE school_seq SET revision = :n"), {"n": next(_REVISIONS)})


def plant(screens: Screens, pupil_id: int, day: date, code: str) -> None:
    """Put a mark where nobody would be let to."""
    slot = slot_of(2026, day, Session.AM)
    with screens.engine.begin() as tx:
        where = "school_year = 2026 AND pupil_id = :p"
        line = f"SELECT marks FROM register_line WHERE {where}"
        marks = tx.execute(text(line), {"p": pupil_id}).scalar_one()
        changed = marks[:slot] + code + marks[slot + 1 :]
        update = f"UPDATE register_line SET marks = :m WHERE {where}"
        tx.execute(text(update), {"m": changed, "p": pupil_id})
        moved(tx)


def of_year(screens: Screens, year: int) -> int:
    pupils = load_register(screens.engine, 1, 2026).pupils
    return int(pupils.loc[pupils["year_group"] == year, "pupil_id"].iloc[0])


def labels(page) -> str:
    return " ".join(one.label for one in page.expander)


def names(page) -> set[str]:
    return {
        str(name)
        for table in page.dataframe
        if "Pupil" in table.value
        for name in table.value["Pupil"]
    }


@pytest.mark.parametrize("username", ["officer", "dsl", "head"])
def test_whoever_answers_for_the_school_sees_a_wrong_mark_with_its_fix(
    screens: Screens, username: str
) -> None:
    plant(screens, of_year(screens, 9), date(2026, 11, 10), "X")
    page = screens.of(username).open("data_quality")
    assert not page.exception
    assert "change your figures" in words(page)
    assert "X on pupils of compulsory school age" in labels(page)
    assert "C2 for an agreed part-time timetable" in words(page)
    assert "Education Act 1996 s8" in words(page)


def test_a_deputy_sees_their_own_year_and_nobody_elses(screens: Screens) -> None:
    plant(screens, of_year(screens, 10), date(2026, 11, 10), "X")
    page = screens.of("pastoral9").open("data_quality")
    assert "X on pupils" not in labels(page)
    plant(screens, of_year(screens, 9), date(2026, 11, 10), "X")
    page = screens.of("pastoral9").open("data_quality")
    assert "X on pupils of compulsory school age** :gray[1 pupil, 1 session, 10 Nov]" in labels(
        page
    )
    assert "Year 9" in words(page)


def test_an_administrator_sees_registers_and_contacts_and_no_marks(screens: Screens) -> None:
    plant(screens, of_year(screens, 9), date(2026, 11, 10), "X")
    page = screens.of("admin").open("data_quality")
    assert not page.exception
    assert "X on pupils" not in labels(page) and "N left" not in labels(page)
    assert "Pupils with only one person to ring" in labels(page)


@pytest.mark.parametrize("username", ["tutor", "governor", "ewo", "itadmin"])
def test_other_roles_are_told_that_the_page_is_not_theirs(screens: Screens, username: str) -> None:
    page = screens.of(username).open("data_quality")
    assert "Your role does not open this page" in words(page)
    assert not page.dataframe and not page.expander


def test_signed_out_there_is_nothing_but_the_form(screens: Screens) -> None:
    page = screens.of(None).open("data_quality")
    assert [box.label for box in page.text_input] == ["Username", "Password"]
    assert not page.expander


def test_a_form_chosen_in_the_address_narrows_what_is_shown(screens: Screens) -> None:
    pupil = of_year(screens, 9)
    plant(screens, pupil, date(2026, 11, 10), "X")
    pupils = load_register(screens.engine, 1, 2026).pupils
    form = pupils.loc[pupils["pupil_id"] == pupil, "form"].iloc[0]
    other = next(each for each in pupils["form"] if each != form)
    assert "X on pupils" in labels(screens.of("officer").open("data_quality", form=form))
    assert "X on pupils" not in labels(screens.of("officer").open("data_quality", form=other))
    page = screens.of("officer").open("data_quality", form="<b>", year="²")
    assert not page.exception and "X on pupils" in labels(page)


def test_a_school_without_a_register_is_told_where_to_begin(screens: Screens) -> None:
    with screens.engine.begin() as tx:
        tx.execute(text("DELETE FROM register_line"))
        tx.execute(text("UPDATE school_year SET sessions = :s"), {"s": "." * 540})
        moved(tx)
    page = screens.of("officer").open("data_quality")
    assert not page.exception
    assert "There is no register to look at yet." in words(page)
    assert not page.dataframe


def test_pupils_with_two_numbers_to_ring_and_a_year_of_marks_leave_nothing_asked_of_contacts(
    screens: Screens,
) -> None:
    with screens.engine.begin() as tx:
        for priority in (8, 9):
            tx.execute(
                text(
                    "INSERT INTO contact (school_id, pupil_id, priority, name, relationship, "
                    "parental_responsibility, lives_with, phone, email, address, note) "
                    "SELECT 1, id, :n, 'Vera Invented', '', 1, 1, '07700 900001', '', '', '' "
                    "FROM pupil"
                ),
                {"n": priority},
            )
        moved(tx)
    page = screens.of("dsl").open("data_quality")
    assert not page.exception
    assert "to ring" not in labels(page)


def test_where_nothing_is_wrong_the_page_says_so_and_when_to_look_again(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "find", lambda *_: [])
    with screens.engine.begin() as tx:
        moved(tx)
    page = screens.of("officer").open("data_quality")
    assert "Nothing is wrong that can be seen in the data." in words(page)
    assert "Look again after the next import" in words(page)
    assert not page.expander


def test_names_are_text_whatever_they_hold(screens: Screens) -> None:
    pupil = of_year(screens, 9)
    plant(screens, pupil, date(2026, 11, 10), "X")
    with screens.engine.begin() as tx:
        change = (
            "UPDATE pupil SET surname = :s, forename = '=1+1', preferred_name = '' WHERE id = :p"
        )
        tx.execute(text(change), {"s": HOSTILE, "p": pupil})
        moved(tx)
    page = screens.of("officer").open("data_quality")
    assert not page.exception
    assert f"=1+1 {HOSTILE}" in names(page)
    assert "<script>" not in words(page) + labels(page)
