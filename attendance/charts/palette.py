"""The colours and the type of every chart, and of every mark shown anywhere, in both themes.

Contrasts were measured on the page colour. In the light theme the fills of marks stand at only
1.2 to 3.0, so a code letter or an outline always carries the meaning and colour never does alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

# "Source Sans" is the name under which Streamlit serves its own font; the others stand in for it
# where it is missing.
FONT = "'Source Sans', 'Source Sans 3', 'Source Sans Pro', Arial, sans-serif"

# vl-convert carries this one with it, so pictures are the same on every machine. Given a list of
# names it measures words wrongly and the charts no longer line up.
PICTURE_FONT = "Liberation Sans"

STATES = (
    "present", "late", "activity", "authorised", "unauthorised", "no_reason",
    "not_counted", "closed", "to_come", "unmarked", "off_roll",
)  # fmt: skip


@dataclass(frozen=True)
class Palette:
    """Colours as #RRGGBB. ``waits`` marks work that waits on staff, never a pupil."""

    page: str
    text: str
    quiet: str
    rule: str
    accent: str
    waits: str
    last_year: str
    letter: str
    present: str
    late: str
    activity: str
    authorised: str
    unauthorised: str
    no_reason: str
    closed: str
    faint: str
    series: tuple[str, str, str, str]

    def fill_of(self, state: str) -> str:
        """The fill of a cell in ``state`` (one of STATES); 'transparent' where there is none."""
        return {
            "present": self.present,
            "late": self.late,
            "activity": self.activity,
            "authorised": self.authorised,
            "unauthorised": self.unauthorised,
            "no_reason": self.no_reason,
            "closed": self.closed,
        }.get(state, "transparent")

    def outline_of(self, state: str) -> str:
        """The outline of a cell without a fill; 'transparent' where there is none."""
        outlines = {"not_counted": self.last_year, "to_come": self.faint, "unmarked": self.waits}
        return outlines.get(state, "transparent")

    def letter_of(self, state: str) -> str:
        """The colour of the code's letters, and of the dot of an amended mark, in a cell."""
        if state == "not_counted":
            return self.quiet
        return (
            self.letter if self.fill_of(state) not in ("transparent", self.present) else self.text
        )


LIGHT = Palette(
    page="#FCFBF8", text="#1E1D1B", quiet="#5E5A52", rule="#EBE8E0", accent="#12436D",
    waits="#9A3D0A", last_year="#8F8A7E", letter="#1E1D1B", present="#E4EAEE", late="#F3EA7A",
    activity="#4DB894", authorised="#56B4E9", unauthorised="#E69F00", no_reason="#CC79A7",
    closed="#E6E2D8", faint="#E2DED4", series=("#12436D", "#28A197", "#801650", "#DB5A14"),
)  # fmt: skip

DARK = Palette(
    page="#17191C", text="#E9E7E2", quiet="#B1ADA4", rule="#2A2C31", accent="#8FBDE6",
    waits="#F9AE85", last_year="#6F6C66", letter="#17191C", present="#2B3238", late="#CFC437",
    activity="#2FA37E", authorised="#4AA3D6", unauthorised="#E69F00", no_reason="#CC79A7",
    closed="#33343A", faint="#303238", series=("#8FBDE6", "#5CC4BA", "#D98AB5", "#F79561"),
)  # fmt: skip


def palette(theme: Theme) -> Palette:
    """The colours of a theme."""
    return {"light": LIGHT, "dark": DARK}[theme]
