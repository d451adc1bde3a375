"""The errors a person is meant to read: each carries one sentence, shown as it stands."""

from __future__ import annotations


class AttendanceError(Exception):
    """Says what is wrong, where, and what to do. Anything else that escapes is our own bug."""


class NotAllowed(AttendanceError):
    """The person's role or scope does not reach this; the sentence names whose does."""


class NotFound(AttendanceError):
    """There is no such pupil, person, session or school."""


class NotInForce(AttendanceError):
    """A code or limit that was not the law on the day asked about."""


class ChangedMeanwhile(AttendanceError):
    """Somebody else amended the mark first; nothing was changed."""


class CannotRead(AttendanceError):
    """A file this program does not understand; nothing was saved."""


class Refused(AttendanceError):
    """The record's state does not allow it (closed day, off roll, weak password …)."""
