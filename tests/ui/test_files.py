"""Whose a file is: remembered when its address is made, at once or at a click."""

from __future__ import annotations

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from attendance.ui import files

OFFICER, HEAD = "token of the officer", "token of the head"


class Desk:
    """Streamlit's keeper of files, and whoever's page is being drawn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.token: str | None = OFFICER
        self.sent = files.SentFiles()
        self.manager = MediaFileManager(MemoryMediaFileStorage("/media"))
        monkeypatch.setattr(files, "SENT", self.sent)
        monkeypatch.setattr(files, "browser_token", lambda: self.token)
        files.remember_who_is_sent_what(self.manager)

    def readers(self, address: str) -> list[str]:
        name = address.removeprefix(files.MEDIA)
        return [token for token in (OFFICER, HEAD) if self.sent.is_sent(name, token)]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_a_picture_is_its_own_viewers_until_another_is_sent_the_same(desk: Desk) -> None:
    address = desk.manager.add(b"a year strip", "image/png", "1.1")
    assert desk.readers(address) == [OFFICER]
    desk.token = HEAD
    assert desk.manager.add(b"a year strip", "image/png", "1.1") == address
    assert desk.readers(address) == [OFFICER, HEAD]


def test_a_download_is_for_whoever_had_the_button_not_for_whoever_is_drawing_now(
    desk: Desk,
) -> None:
    placeholder = desk.manager.add_deferred(lambda: b"a workbook", None, "1.2", "referral.xlsx")
    desk.token = HEAD
    assert desk.readers(desk.manager.execute_deferred(placeholder)) == [OFFICER]


def test_signed_out_nobody_is_remembered(desk: Desk) -> None:
    desk.token = None
    address = desk.manager.add(b"a picture", "image/png", "1.1")
    assert desk.readers(address) == []
    assert not desk.sent.is_sent(address.removeprefix(files.MEDIA), "")


def test_only_the_latest_are_remembered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.SentFiles, "MOST", 2)
    first, *later = (desk.manager.add(text, "text/csv", "1.1") for text in (b"a", b"b", b"c"))
    assert [desk.readers(one) for one in (first, *later)] == [[], [OFFICER], [OFFICER]]
