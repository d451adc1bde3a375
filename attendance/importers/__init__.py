"""Bytes of a school's files to registers and calendars. No database."""

from attendance.importers.calendar import read_calendar
from attendance.importers.read import read_register

__all__ = ["read_calendar", "read_register"]
