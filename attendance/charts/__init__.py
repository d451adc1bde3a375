"""Tidy frame in, Altair chart out: shared by pages and documents, in a light and a dark theme."""

from attendance.charts.bars import group_dots, reasons_bars, weekday_bars, year_groups
from attendance.charts.palette import STATES, Palette, Theme, palette
from attendance.charts.picture import png
from attendance.charts.strip import year_strip
from attendance.charts.weeks import absence_by_week, weekly_line

__all__ = [
    "STATES",
    "Palette",
    "Theme",
    "absence_by_week",
    "group_dots",
    "palette",
    "png",
    "reasons_bars",
    "weekday_bars",
    "weekly_line",
    "year_groups",
    "year_strip",
]
