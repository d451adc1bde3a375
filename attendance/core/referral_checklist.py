"""What local authorities ask for in a referral, and how far this one goes.

The fields are rows of data/reference/referral_checklist.csv. Fields that come from the register
or the pupil's record ('auto') are looked at here; what was done ('log') and what only a person
knows ('ask') are named for that person to add; the Designated Safeguarding Lead's fields say so
for every pupil alike, so that the words give nothing away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from attendance.core.referral import Parent, Period, ReferralPack, SessionFact
from attendance.rules.days import compulsory_school_age
from attendance.rules.referral_checklist import ChecklistField, referral_checklist

# Kent's request form asks for details checked within six months; authorities differ.
CHECKED_WITHIN_DAYS = 183
GRANTED_OR_NOT = ("C", "G")


class State(StrEnum):
    """How a field stands; the order is the order of the list, gaps first."""

    TO_ADD = "To add"
    NEEDS_DSL = "Needs the DSL"
    INCLUDED = "Included"
    NOT_APPLICABLE = "Not applicable"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A field asked for, how it stands, and in a few words what is there or what to do."""

    field: ChecklistField
    state: State
    says: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Something to put right first. ``stops``: authorities send the request back for it."""

    says: str
    stops: bool


Finding = tuple[State, str]


def checklist(pack: ReferralPack) -> tuple[ChecklistItem, ...]:
    """Every field with its state, gaps first, otherwise in the order of the file."""
    items = [ChecklistItem(field, *_finding(field, pack)) for field in referral_checklist()]
    order = list(State)
    return tuple(sorted(items, key=lambda item: order.index(item.state)))


def gaps(pack: ReferralPack) -> tuple[ChecklistItem, ...]:
    """What is still to add or to ask the DSL for."""
    wanting = (State.TO_ADD, State.NEEDS_DSL)
    return tuple(item for item in checklist(pack) if item.state in wanting)


def gates(pack: ReferralPack) -> tuple[Gate, ...]:
    """What to put right before the referral goes, those that stop it first."""
    found = [*_mark_gates(pack), *_parent_gates(pack), *_age_gates(pack)]
    found.append(
        Gate("No contact or action is in the workbook yet: fill in the sheet of contacts.", False)
    )
    return tuple(sorted(found, key=lambda gate: not gate.stops))


def _mark_gates(pack: ReferralPack) -> list[Gate]:
    window = pack.figures(Period.WINDOW)
    if window is None:
        return []
    found = []
    when = f"in the {window.name.lower()}"
    if window.open_n:
        says = f"{_sessions(window.open_n)} coded N {when}: settle the reason first."
        found.append(Gate(says, stops=True))
    if window.unmarked:
        says = f"{_sessions(window.unmarked)} without a mark {when}: complete the register."
        found.append(Gate(says, stops=True))
    withdrawn = sorted({fact.code for fact in pack.sessions if fact.is_withdrawn})
    if withdrawn:
        says = f"Withdrawn codes are still in the register ({', '.join(withdrawn)}): amend them."
        found.append(Gate(says, stops=True))
    return found


def _parent_gates(pack: ReferralPack) -> list[Gate]:
    if pack.parents is None:
        return []
    if not pack.parents:
        return [Gate("No parent is listed: name every parent, or say why one is missing.", True)]
    found = []
    if not any(parent.has_parental_responsibility for parent in pack.parents):
        says = "Nobody listed has parental responsibility: check before anything is sent."
        found.append(Gate(says, stops=True))
    if not all(_is_checked(parent, pack.made_at.date()) for parent in pack.parents):
        says = (
            "The parents' details are not recorded as checked in the last six months: check them."
        )
        found.append(Gate(says, stops=False))
    return found


def _age_gates(pack: ReferralPack) -> list[Gate]:
    outside = _outside_school_age(pack)
    if not outside:
        return []
    says = (
        f"{_sessions(len(outside))} listed when the pupil was not of compulsory school age: "
        "leave them out of any penalty or certificate."
    )
    return [Gate(says, stops=True)]


def _finding(field: ChecklistField, pack: ReferralPack) -> Finding:
    if field.how == "dsl":
        return _social_care(pack) if field.key == "social_care" else _ASK_THE_DSL
    if field.how == "log":
        return State.TO_ADD, "Fill in the sheet of contacts and actions."
    if field.how == "ask":
        return _asked(field, pack)
    return _FOUND_BY[field.key](pack)


_ASK_A_COLLEAGUE = (State.TO_ADD, "Ask a colleague who may see it.")
_ASK_THE_DSL = (State.NEEDS_DSL, "Ask the Designated Safeguarding Lead.")


def _social_care(pack: ReferralPack) -> Finding:
    if pack.social_care is None:
        return _ASK_THE_DSL
    return State.INCLUDED, f"{len(pack.social_care)} recorded; see the summary."


def _asked(field: ChecklistField, pack: ReferralPack) -> Finding:
    if field.key == "referrer_reach" and pack.referrer.phone and pack.referrer.email:
        return State.INCLUDED, f"{pack.referrer.phone}, {pack.referrer.email}"
    return State.TO_ADD, "Write it on the form, or beside this line."


def _given(words: str, what: str) -> Finding:
    if words:
        return State.INCLUDED, words
    return State.TO_ADD, f"No {what} is recorded."


def _names(pack: ReferralPack) -> Finding:
    preferred = pack.pupil.preferred_name
    known_as = f", known as {preferred}" if preferred not in ("", pack.pupil.legal_forename) else ""
    return State.INCLUDED, f"{pack.pupil.legal_name}{known_as}"


def _needs(pack: ReferralPack) -> Finding:
    if pack.support_needs is None:
        return _ASK_A_COLLEAGUE
    return State.INCLUDED, f"{len(pack.support_needs)} recorded; see the summary."


def _each_parent(pack: ReferralPack, has: Callable[[Parent], bool], what: str) -> Finding:
    """Included when every parent has it; else the parents who have not."""
    if pack.parents is None:
        return _ASK_A_COLLEAGUE
    if not pack.parents:
        return State.TO_ADD, "No parent is listed."
    wanting = [parent.name for parent in pack.parents if not has(parent)]
    if wanting:
        return State.TO_ADD, f"No {what} for {', '.join(wanting)}."
    return State.INCLUDED, f"For {len(pack.parents)} listed; see the summary."


def _responsibility(pack: ReferralPack) -> Finding:
    if pack.parents is None:
        return _ASK_A_COLLEAGUE
    holders = [p.name for p in pack.parents if p.has_parental_responsibility]
    return _given(", ".join(holders), "parental responsibility")


def _siblings(pack: ReferralPack) -> Finding:
    if not pack.siblings:
        return State.TO_ADD, "None known at this school; ask about other schools."
    return State.INCLUDED, ", ".join(sibling.name for sibling in pack.siblings)


def _quality(pack: ReferralPack) -> Finding:
    stopping = [gate for gate in _mark_gates(pack) if gate.stops]
    if stopping:
        return State.TO_ADD, " ".join(gate.says for gate in stopping)
    return State.INCLUDED, "None."


def _attended(pack: ReferralPack) -> Finding:
    if pack.last_attended is None:
        return State.INCLUDED, "Has not attended this school year."
    return State.INCLUDED, (
        f"Last attended {pack.last_attended:%-d %B %Y}; longest absence "
        f"{_sessions(pack.longest_absence)} in a row."
    )


def _leave(pack: ReferralPack) -> Finding:
    if any(fact.code in GRANTED_OR_NOT for fact in pack.sessions):
        return State.TO_ADD, "The register has leave: add the request, the decision and the letter."
    return State.NOT_APPLICABLE, "No session is coded as leave."


def _of_school_age(pack: ReferralPack) -> Finding:
    if pack.pupil.birth_date is None:
        return State.TO_ADD, "No date of birth is recorded."
    outside = _outside_school_age(pack)
    if outside:
        return State.TO_ADD, f"Not at {_sessions(len(outside))} listed."
    return State.INCLUDED, "Yes, at every session listed."


def _outside_school_age(pack: ReferralPack) -> list[SessionFact]:
    if pack.pupil.birth_date is None:
        return []
    first, last = compulsory_school_age(pack.pupil.birth_date)
    return [fact for fact in pack.sessions if not first <= fact.day <= last]


def _is_checked(parent: Parent, today: date) -> bool:
    checked = parent.details_checked
    return checked is not None and (today - checked).days <= CHECKED_WITHIN_DAYS


def _window(pack: ReferralPack) -> Finding:
    if pack.figures(Period.WINDOW) is None:
        return State.TO_ADD, "The register does not reach back over the window."
    return State.INCLUDED, "See the summary."


def _sessions(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"


def _sheet(name: str) -> Callable[[ReferralPack], Finding]:
    return lambda _pack: (State.INCLUDED, f"See the sheet: {name}.")


_FOUND_BY: dict[str, Callable[[ReferralPack], Finding]] = {
    "referrer_name": lambda pack: (
        State.INCLUDED,
        f"{pack.referrer.name}, {pack.referrer.position}, {pack.school.name}",
    ),
    "legal_name": _names,
    "birth_date": lambda pack: _given(
        f"{pack.pupil.birth_date:%-d %B %Y}" if pack.pupil.birth_date else "", "date of birth"
    ),
    "sex": lambda pack: _given(pack.pupil.sex_in_words, "sex"),
    "upn": lambda pack: _given(pack.pupil.upn or "", "unique pupil number"),
    "year_and_form": lambda pack: (
        State.INCLUDED,
        f"Year {pack.pupil.year_group}, {pack.pupil.form}",
    ),
    "pupil_address": lambda pack: _given(pack.pupil.address, "address"),
    "support_needs": _needs,
    "parents": lambda pack: _each_parent(pack, lambda parent: bool(parent.name), "name"),
    "parental_responsibility": _responsibility,
    "parent_addresses": lambda pack: _each_parent(pack, lambda p: bool(p.address), "address"),
    "parent_phones": lambda pack: _each_parent(pack, lambda p: bool(p.phone), "telephone number"),
    "parents_checked": lambda pack: _each_parent(
        pack,
        lambda parent: _is_checked(parent, pack.made_at.date()),
        "check in the last six months",
    ),
    "siblings": _siblings,
    "period_figures": _sheet("Summary"),
    "code_counts": _sheet("Summary"),
    "last_attended": _attended,
    "penalty_window": _window,
    "unauthorised_list": _sheet("Sessions"),
    "register_quality": _quality,
    "amendments": _sheet("Amendments"),
    "leave_request": _leave,
    "school_age": _of_school_age,
}
