"""Settings: read by the officer, changed by the head, closed to the rest."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from attendance.core.settings import TARGET
from attendance.services.accounts import find_person
from attendance.services.settings import change_setting, past_values, school_settings
from attendance.ui import settings_view
from attendance.ui.clock import now, today
from tests.screens import Screens


def words_of(app: AppTest) -> str:
    return " ".join(str(each.value) for each in (*app.markdown, *app.error, *app.success))


def test_the_officer_reads_the_settings_and_cannot_choose_one(screens: Screens) -> None:
    app = screens.of("officer").open("settings")
    assert not app.exception
    assert "The headteacher and the system administrator change them" in words_of(app)
    assert not app.text_input


def test_the_head_sees_what_was_set_and_where_it_comes_from(screens: Screens) -> None:
    head = find_person(screens.engine, "head")
    change_setting(
        screens.engine, head, TARGET, "95.5",
        source="Policy 2026", valid_from=today(), review_on=None, now=now(),
    )  # fmt: skip
    app = screens.of("head").open("settings")
    assert not app.exception
    assert "1 of 9 settings is the school’s own." in words_of(app)
    table = app.dataframe[0].value
    row = table[table["Setting"].str.contains("target")].iloc[0]
    assert row["Value"] == "95.5 per cent"
    assert row["Comes from"].startswith("Policy 2026")
    assert list(app.dataframe[1].value["Value"]) == ["95.5", "94.5"]
    assert school_settings(screens.engine, head, today())[TARGET].set_by == head.name
    assert past_values(screens.engine, head)[0].name == head.name


@pytest.mark.parametrize("username", ["governor", "dsl", "pastoral9", "tutor", "admin"])
def test_other_roles_are_told_that_the_page_is_not_theirs(screens: Screens, username: str) -> None:
    app = screens.of(username).open("settings")
    assert "Your role does not open this page" in words_of(app)
    assert not app.dataframe


def test_nobody_signed_in_sees_only_the_form(screens: Screens) -> None:
    app = screens.of(None).open("settings")
    assert not app.dataframe
    assert "settings are the school" not in words_of(app)


def test_the_head_sets_a_target_with_its_source(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = school_settings(screens.engine, find_person(screens.engine, "head"), today())[TARGET]
    monkeypatch.setattr(settings_view, "choose", lambda *_, **__: chosen)
    app = screens.of("head").open("settings")
    app.text_input[0].set_value("ninety")
    app.button(key="FormSubmitter:setting_target_attendance_percent-Set it").click().run()
    assert "'ninety' is not a number" in words_of(app)
    app.text_input[0].set_value("95")
    app.text_input[1].set_value("Policy of September 2026")
    app.button(key="FormSubmitter:setting_target_attendance_percent-Set it").click().run()
    assert "attendance target is set" in words_of(app)
    head = find_person(screens.engine, "head")
    assert past_values(screens.engine, head)[0].value == "95"
