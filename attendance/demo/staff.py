"""Staff of the demo school: one account, at least, for every role."""

from __future__ import annotations

from dataclasses import dataclass

from attendance.rules.roles import Role


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """An account: ``scope`` is the year group or form the role reaches, '' for all it may."""

    username: str
    name: str
    position: str
    role: Role
    scope: str = ""


DEPUTIES = {
    "7": "Ifeoma Cloverspindle",
    "8": "Magnus Otterthwaite",
    "9": "Sunita Lanternhollow",
    "10": "Declan Pepperwhistle",
    "11": "Zofia Quillmantle",
    "12": "Hamish Willowpipe",
    "13": "Noor Thimblesong",
}


def build_staff(form: str) -> tuple[DemoStaff, ...]:
    """Everybody who can sign in; ``form`` is the demo tutor's."""
    deputies = tuple(
        DemoStaff(f"pastoral{year}", name, f"Deputy head of Year {year}", Role.PASTORAL_DHOY, year)
        for year, name in DEPUTIES.items()
    )
    return (
        DemoStaff(
            "officer", "Priya Nightingale-Fable", "Attendance Officer", Role.ATTENDANCE_OFFICER
        ),
        *deputies,
        DemoStaff(
            "tutor", "Tomos Feathergate", f"Form tutor, {form}", Role.TEACHER_FORM_TUTOR, form
        ),
        DemoStaff("admin", "Beatrix Kettlenook", "Office administrator", Role.ADMIN_STAFF),
        DemoStaff("dsl", "Amara Foxglove-Story", "Designated Safeguarding Lead", Role.DSL),
        DemoStaff("head", "Dr Idris Moonraker", "Headteacher", Role.HEADTEACHER),
        DemoStaff("governor", "Wilhelmina Starwhistle", "Attendance governor", Role.GOVERNOR),
        DemoStaff(
            "ewo", "Kwame Brambledown", "Education Welfare Officer (visiting)", Role.EWO_VISITOR
        ),
        DemoStaff("itadmin", "Soren Copperstitch", "Network manager", Role.SYSTEM_ADMIN),
    )
