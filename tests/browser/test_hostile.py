"""Hostile names and reasons in a real browser: no dialog, no request to anybody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from attendance.store.engine import open_engine
from tests.browser.conftest import open_address, running, sign_in
from tests.hostile import FORM, HOSTILE, amend_them, import_them

pytestmark = pytest.mark.browser


def test_nothing_that_a_name_or_reason_holds_is_run_or_fetched(
    demo_file: Path, tmp_path: Path, page: Page
) -> None:
    file = shutil.copyfile(demo_file, tmp_path / "hostile.sqlite")
    engine = open_engine(f"sqlite:///{file}")
    import_them(engine)
    amend_them(engine)
    with engine.connect() as tx:
        first = tx.exec_driver_sql("SELECT max(id) FROM pupil").scalar_one() - len(HOSTILE) + 1
    engine.dispose()
    happened: list[str] = []
    with running(file) as server:
        ours = (server.address, "data:", "blob:", server.address.replace("http", "ws"))
        page.on("dialog", lambda one: (happened.append(one.message), one.dismiss()))
        page.on("request", lambda one: one.url.startswith(ours) or happened.append(one.url))
        sign_in(page, server, "officer", f"/register?form={FORM}&week=2026-11-16")
        several = ",".join(str(first + place) for place in range(10))
        for path in (
            "/today",
            "/imports",
            f"/on_track?form={FORM}",
            f"/absence?form={FORM}",
            f"/referrals?pupils={several}",
            *(f"/pupil?pupil={first + place}" for place in range(6)),
        ):
            open_address(page, server, path)
            assert page.locator("img[src*=outside], a[href^=javascript], .katex").count() == 0, path
    assert happened == []
