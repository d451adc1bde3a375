"""Whose a file under `/media/…` is: the browser session that was sent its address.

Streamlit serves such a file to whoever has the address, and names it by its content. Here each
address is remembered with the session it was made for, so that a copied one opens nothing for
anybody else, nor for the same person once signed out.
"""

from __future__ import annotations

import hashlib
import os.path
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from streamlit.runtime.media_file_manager import MediaFileManager

from attendance.ui.session import browser_token

MEDIA = "/media/"


class SentFiles:
    """Which session was sent which file, the longest unsent forgotten first."""

    MOST = 50_000

    def __init__(self) -> None:
        self._lock = Lock()
        self._sent: OrderedDict[tuple[str, str], None] = OrderedDict()

    def remember(self, name: str, token: str | None) -> None:
        """This session was sent this file; nobody is remembered without a session."""
        if token is None:
            return
        with self._lock:
            self._sent[_key(name, token)] = None
            self._sent.move_to_end(_key(name, token))
            while len(self._sent) > self.MOST:
                self._sent.popitem(last=False)

    def is_sent(self, name: str, token: str) -> bool:
        """Was the file of this name (`<id>.xlsx`) sent to this session?"""
        with self._lock:
            return _key(name, token) in self._sent


SENT = SentFiles()


def remember_who_is_sent_what(manager: MediaFileManager) -> None:
    """Have Streamlit's keeper of files tell ``SENT`` of each file that it gives an address.

    A page gets an address at once (a picture) or at a click (a download): the second is not known
    before the file is built, outside any page, so its placeholder is remembered until then.
    """
    usual_add, usual_promise = manager.add, manager.add_deferred
    usual_build = manager.execute_deferred
    promised: OrderedDict[str, str | None] = OrderedDict()

    def add(*args: Any, **kwargs: Any) -> str:
        address = usual_add(*args, **kwargs)
        SENT.remember(_name(address), browser_token())
        return address

    def add_deferred(*args: Any, **kwargs: Any) -> str:
        placeholder = usual_promise(*args, **kwargs)
        promised[placeholder] = browser_token()
        while len(promised) > SentFiles.MOST:
            promised.popitem(last=False)
        return placeholder

    def execute_deferred(placeholder: str) -> str:
        address = usual_build(placeholder)
        SENT.remember(_name(address), promised.get(placeholder))
        return address

    ours: tuple[Callable[..., str], ...] = (add, add_deferred, execute_deferred)
    for method in ours:
        setattr(manager, method.__name__, method)


def _name(address: str) -> str:
    return address.rsplit("/", 1)[-1]


def _key(name: str, token: str) -> tuple[str, str]:
    # As Streamlit reads it: the extension is not part of the file's name.
    return os.path.splitext(name)[0], hashlib.sha256(token.encode()).hexdigest()
