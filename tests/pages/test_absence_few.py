"""The Absence page of a school so small that a governor may see no figure of it."""

from __future__ import annotations

import re

from sqlalchemy import text

from attendance.store import registers
from tests.screens import Screens, words


def test_a_governor_of_nine_pupils_reads_why_and_no_rate_in_any_table(screens: Screens) -> None:
    with screens.engine.begin() as tx:
        tx.execute(text("DELETE FROM register_line WHERE pupil_id NOT IN (1,2,3,4,5,6,7,8,9)"))
        registers.bump_revision(tx, 1)
        tx.execute(text("DELETE FROM enrolment WHERE pupil_id NOT IN (1,2,3,4,5,6,7,8,9)"))
    page = screens.of("governor").open("absence")
    assert not page.exception
    assert "fewer than 10 pupils, so no figure is shown" in words(page)
    assert "Not shown: weeks without school" in words(page)
    assert "Not shown: days without school" in words(page)
    tables = [str(table.value.to_dict()) for table in (*page.table, *page.dataframe)]
    assert tables and not [one for one in tables if re.search(r"\d\.\d", one)]
