"""The Referrals page: who may refer whom, what is missing, and the download."""

import pytest

from attendance.core.names import plain
from attendance.services import accounts, referrals
from attendance.services.registers import load_register
from attendance.store import events, pupils
from attendance.store.engine import read, write
from attendance.store.pupils import NewPupil
from attendance.ui import referral_view
from tests.clock import still_clock
from tests.screens import words

__all__ = ["still_clock"]
pytestmark = pytest.mark.usefixtures("still_clock")


def offered(screens, username):
    """The ids of the pupils whom somebody may refer."""
    who = accounts.find_person(screens.engine, username)
    return list(referrals.pupils_to_choose(who, load_register(screens.engine, 1, 2026)))


def exports(screens):
    with read(screens.engine) as tx:
        return events.list_events(tx, 1, kinds=["export_referral"])


@pytest.mark.parametrize("username", ["officer", "pastoral9", "dsl", "head"])
def test_chosen_pupils_are_shown_with_what_is_missing(screens, username):
    one, two = offered(screens, username)[:2]
    page = screens.of(username).open("referrals", pupils=f"{one},{two}")
    assert not page.exception
    assert page.multiselect[0].value == [one, two]
    assert "2 pupils chosen" in words(page)
    table = page.dataframe[0].value
    assert len(table) == 2 and {"Pupil", "Put right first", "To add"} <= set(table)
    assert "What else a local authority asks for, and only you can add" in words(page)
    assert exports(screens) == []


def test_nobody_chosen_is_an_invitation(screens):
    page = screens.of("officer").open("referrals")
    assert "Choose the pupils to refer" in words(page)
    assert not page.dataframe


def test_a_pupil_of_another_year_is_left_out_of_a_deputys_address(screens):
    own = offered(screens, "pastoral9")
    other = next(one for one in offered(screens, "officer") if one not in own)
    page = screens.of("pastoral9").open("referrals", pupils=f"{other},{own[0]}")
    assert page.multiselect[0].value == [own[0]]
    assert "They are left out" in words(page)
    assert len(page.multiselect[0].options) == len(own)


@pytest.mark.parametrize("asked", ["", "x", "-1", "1;2", "999999", "1e9,²", "<b>"])
def test_an_address_that_names_nobody_is_no_error(screens, asked):
    page = screens.of("officer").open("referrals", pupils=asked)
    assert not page.exception
    assert page.multiselect[0].value == []


def test_the_choice_is_kept_in_the_address(screens):
    one, two = offered(screens, "officer")[:2]
    page = screens.of("officer").open("referrals")
    page.multiselect[0].set_value([one, two]).run()
    assert page.query_params["pupils"] in (f"{one},{two}", [f"{one},{two}"])
    page.multiselect[0].set_value([]).run()
    assert "pupils" not in page.query_params


def test_a_pupils_own_page_leads_here_with_that_pupil(screens):
    one = offered(screens, "officer")[3]
    page = screens.of("officer").open("referrals", pupil=str(one))
    assert page.multiselect[0].value == [one]
    assert "pupil" not in page.query_params and "pupils" in page.query_params


def test_more_than_a_workbook_holds_are_cut_and_the_page_says_so(screens):
    everybody = ",".join(map(str, offered(screens, "officer")[:40]))
    page = screens.of("officer").open("referrals", pupils=everybody)
    assert not page.exception
    assert len(page.multiselect[0].value) == referral_view.MOST
    assert "40 were chosen" in words(page)


def test_last_year_can_be_referred_too(screens):
    one = offered(screens, "officer")[-1]
    page = screens.of("officer").open("referrals", pupils=str(one))
    box = page.selectbox(key="referral_year")
    assert box.options == ["2026/27 to date", "2025/26"]
    box.set_value("2025/26").run()
    assert not page.exception


def test_the_visiting_officer_gets_no_workbook(screens):
    page = screens.of("ewo").open("referrals", pupils=str(offered(screens, "officer")[0]))
    assert not page.exception
    assert "No pupil is referred to you at the moment." in words(page)
    assert not page.multiselect and not page.dataframe


@pytest.mark.parametrize("username", ["tutor", "admin", "governor", "itadmin"])
def test_other_roles_are_told_that_the_page_is_not_theirs(screens, username):
    page = screens.of(username).open("referrals", pupils="1")
    assert "Your role does not open this page" in words(page)
    assert not page.multiselect


def test_signed_out_there_is_nothing_but_the_form(screens):
    page = screens.of(None).open("referrals", pupils="1")
    assert [box.label for box in page.text_input] == ["Username", "Password"]
    assert not page.multiselect


def test_names_are_text_whatever_they_hold(screens):
    one = offered(screens, "officer")[0]
    name = "Bo :red[x] **y** <script>alert(1)</script>"
    with write(screens.engine) as tx:
        pupils.change_pupils(tx, 1, {one: NewPupil("=1+1", name, upn="Z999000000001")})
    page = screens.of("officer").open("referrals", pupils=str(one))
    assert not page.exception
    heading = page.expander[0].label
    assert plain(name) in heading and " :red[x]" not in heading
    assert "<script>" not in words(page)
