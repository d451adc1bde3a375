"""The first sheet of a referral: who, what has been missed, and what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from attendance.core.referral import (
    Parent,
    ReferralPack,
    headline,
    in_window,
    standing,
    which_year,
)
from attendance.documents.cells import (
    BODY,
    DATE,
    HEADER,
    LABEL,
    LEAD,
    LONDON,
    PER_CENT,
    STRONG,
    WHOLE,
    Value,
    fit_height,
    heading,
    put,
    title,
    underline,
)

# One grid for the whole sheet: a wide first column and twelve for figures, spanned by the words.
WIDTHS = (28.0, 13.5, 15.0, 11.5, 12.0, 13.0, 15.0, 10.0, 13.5, 11.0, 14.0, 12.5, 12.0)
COLUMNS = len(WIDTHS)

FIGURES = (
    "Period", "First day", "Last day", "Possible", "Attended", "Authorised", "Unauthorised",
    "Late (L)", "Late after close (U)", "No mark", "Reason open (N)", "Attendance", "Absence",
)  # fmt: skip


def write_summary(sheet: Worksheet, pack: ReferralPack) -> None:
    """Title, sentences, identity, figures by period, parents, siblings and code counts."""
    row = title(sheet, pack.pupil.called, made_by(pack), WIDTHS)
    row = _sentences(sheet, row, pack)
    row = _identity(sheet, row, pack)
    row = _figures(sheet, row, pack)
    row = _parents(sheet, row, pack.parents)
    row = _siblings(sheet, row, pack)
    _codes(sheet, row, pack)
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"


def made_by(pack: ReferralPack) -> str:
    """Who made the referral, in which position, when and where."""
    moment = pack.made_at.astimezone(LONDON)
    demo = "Demonstration, invented pupils. " if pack.school.is_demo else ""
    return (
        f"{demo}Referral to the education welfare service, {pack.school.name} "
        f"(URN {pack.school.urn}). Made by {pack.referrer.name}, {pack.referrer.position}, "
        f"on {moment:%-d %B %Y at %-I:%M} {moment:%p}".replace("AM", "am").replace("PM", "pm")
        + "."
    )


def _sentences(sheet: Worksheet, row: int, pack: ReferralPack) -> int:
    for at, sentence in enumerate((headline(pack), standing(pack), in_window(pack))):
        if sentence:
            put(sheet, row, 1, sentence, LEAD if at == 0 else BODY, across=COLUMNS)
            fit_height(sheet, row, [sum(WIDTHS)], [sentence])
            row += 1
    return row + 1


def _identity(sheet: Worksheet, row: int, pack: ReferralPack) -> int:
    """Facts in two columns of label and value, so that they are read at one glance."""
    row = heading(sheet, row, "Pupil", COLUMNS)
    facts = _pupil_facts(pack)
    half = -(-len(facts) // 2)
    for at in range(half):
        left, right = facts[at], facts[at + half] if at + half < len(facts) else ("", "")
        put(sheet, row, 1, left[0], LABEL)
        put(sheet, row, 2, left[1], across=4)
        put(sheet, row, 6, right[0], LABEL, across=2)
        put(sheet, row, 8, right[1], across=6)
        widths = [sum(WIDTHS[1:5]), sum(WIDTHS[7:])]
        fit_height(sheet, row, widths, [_text(left[1]), _text(right[1])])
        underline(sheet, row, COLUMNS)
        row += 1
    return row + 1


def _pupil_facts(pack: ReferralPack) -> list[tuple[str, Value]]:
    pupil = pack.pupil
    facts: list[tuple[str, Value]] = [
        ("Legal name", pupil.legal_name),
        ("Preferred name", pupil.preferred_name or pupil.legal_forename),
        ("Unique pupil number", pupil.upn or "not recorded"),
        ("Date of birth", pupil.birth_date or "not recorded"),
        ("Sex", pupil.sex_in_words or "not recorded"),
        ("Year group and form", f"Year {pupil.year_group}, {pupil.form}"),
        ("Address", pupil.address or "not recorded"),
        ("On the roll since", pupil.first_day or "not recorded"),
        ("Last day attended", pack.last_attended or "none this school year"),
        ("Longest absence", f"{pack.longest_absence} sessions in a row"),
    ]
    if pupil.last_day:
        facts.append(("Left on", pupil.last_day))
    for label, known in (
        ("Support needs", pack.support_needs),
        ("Social care", pack.social_care),
    ):
        # None is what this reader may not see: then there is no line to wonder about.
        if known is not None:
            facts.append((label, "; ".join(_in_words(one) for one in known) or "none recorded"))
    return facts


def _in_words(one: object) -> str:
    since = getattr(one, "since", None)
    detail = getattr(one, "detail", "")
    words = str(getattr(one, "words", ""))
    return (
        words + (f" since {since:%-d %B %Y}" if since else "") + (f" ({detail})" if detail else "")
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _figures(sheet: Worksheet, row: int, pack: ReferralPack) -> int:
    row = heading(sheet, row, "Sessions by period", COLUMNS)
    _headings(sheet, row, FIGURES, right_from=4)
    fit_height(sheet, row, WIDTHS, FIGURES)
    for period in pack.periods:
        row += 1
        counts = (
            period.possible, period.attended, period.authorised, period.unauthorised,
            period.late_before_close, period.late_after_close, period.unmarked, period.open_n,
        )  # fmt: skip
        put(sheet, row, 1, period.name, STRONG)
        put(sheet, row, 2, period.first_day, shown_as=DATE)
        put(sheet, row, 3, period.last_day, shown_as=DATE)
        for at, count in enumerate(counts, start=4):
            put(sheet, row, at, count, shown_as=WHOLE, right=True)
        put(sheet, row, 12, period.attendance_rate, shown_as=PER_CENT, right=True)
        put(sheet, row, 13, period.absence_rate, STRONG, shown_as=PER_CENT, right=True)
        underline(sheet, row, COLUMNS)
    return row + 2


def _headings(sheet: Worksheet, row: int, names: Sequence[str], right_from: int) -> None:
    for at, name in enumerate(names, start=1):
        put(sheet, row, at, name, HEADER, right=at >= right_from)
    underline(sheet, row, COLUMNS, strong=True)


def _spread(
    sheet: Worksheet, row: int, spans: Sequence[tuple[str, int, int]], values: Sequence[Value]
) -> None:
    """One row of a small table whose columns span several of the grid's."""
    for (_, at, across), value in zip(spans, values, strict=True):
        put(sheet, row, at, value, across=across)
    fit_height(sheet, row, _widths(spans), values)
    underline(sheet, row, COLUMNS)


def _widths(spans: Sequence[tuple[str, int, int]]) -> list[float]:
    return [sum(WIDTHS[at - 1 : at - 1 + across]) for _, at, across in spans]


def _spread_header(sheet: Worksheet, row: int, spans: Sequence[tuple[str, int, int]]) -> None:
    for name, at, across in spans:
        put(sheet, row, at, name, HEADER, across=across)
    fit_height(sheet, row, _widths(spans), [name for name, _, _ in spans])
    underline(sheet, row, COLUMNS, strong=True)


# Heading, first column of the grid, columns spanned.
_PARENT = (
    ("Name", 1, 1), ("Relationship", 2, 1), ("Parental responsibility", 3, 1),
    ("Lives with", 4, 1), ("Telephone", 5, 2), ("E-mail", 7, 3), ("Address", 10, 3),
    ("Checked", 13, 1),
)  # fmt: skip
_SIBLING = (("Name", 1, 1), ("Date of birth", 2, 2), ("Year and form", 4, 2), ("Absence", 6, 8))
_CODE = (("Counted as", 1, 1), ("Code", 2, 1), ("Sessions", 3, 1), ("Meaning", 4, 10))


def _parents(sheet: Worksheet, row: int, parents: tuple[Parent, ...] | None) -> int:
    if parents is None:
        return row
    row = heading(sheet, row, "Parents and carers", COLUMNS)
    _spread_header(sheet, row, _PARENT)
    for parent in parents:
        row += 1
        says = (
            f"{parent.name}\n{parent.note}" if parent.note else parent.name,
            parent.relationship,
            "Yes" if parent.has_parental_responsibility else "No",
            "Yes" if parent.lives_with else "No",
            parent.phone,
            parent.email,
            parent.address,
            parent.details_checked or "no date",
        )
        _spread(sheet, row, _PARENT, says)
    if not parents:
        row += 1
        put(sheet, row, 1, "None listed: see the checklist.", across=COLUMNS)
    return row + 2


def _siblings(sheet: Worksheet, row: int, pack: ReferralPack) -> int:
    siblings = pack.siblings
    if siblings is None:
        return row
    row = heading(sheet, row, "Brothers and sisters at this school", COLUMNS)
    if not siblings:
        put(sheet, row, 1, "None known.", across=COLUMNS)
        return row + 2
    _spread_header(sheet, row, _SIBLING)
    for sibling in siblings:
        row += 1
        missed = (
            f"Missed {sibling.missed} of {sibling.possible} sessions {which_year(pack)}"
            if sibling.missed is not None
            else ""
        )
        form = f"Year {sibling.year_group}, {sibling.form}"
        _spread(sheet, row, _SIBLING, (sibling.name, sibling.birth_date, form, missed))
    return row + 2


def _codes(sheet: Worksheet, row: int, pack: ReferralPack) -> None:
    row = heading(sheet, row, f"Codes {which_year(pack)}", COLUMNS)
    _spread_header(sheet, row, _CODE)
    for count in pack.codes:
        row += 1
        _spread(sheet, row, _CODE, (count.counted_as, count.code, count.sessions, count.name))
