"""What staff must know first about a pupil, as far as their role may know it.

P15 of the permissions table: most roles are prompted to tell the designated safeguarding lead
(DSL), and are never told why. P14: SEN, FSM and EAL; form tutors SEN only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

PROMPTED_BY = ("looked_after", "social_worker", "yot_worker")
_SOCIAL_CARE = {
    "looked_after": "Looked after",
    "social_worker": "Has a social worker",
    "yot_worker": "Youth justice worker",
    "young_carer": "Young carer",
}
_SEN = {"sen_support": "SEN support", "ehcp": "EHCP"}
_OTHER = {"fsm": "FSM", "eal": "EAL"}
# Whoever marks the register must know these: the codes are C2 and D.
_TIMETABLE = {
    "part_time_timetable": "Part-time timetable",
    "dual_registered": "Dual registered",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """``tone``: 'tell' (safeguarding), 'waits' (work that waits on staff) or 'plain'."""

    words: str
    tone: str
    icon: str = ""


def badges_for(
    facts: Sequence[tuple[str, str]],
    social_care: Collection[str],
    learning: Collection[str],
    is_away: bool,
    no_reason: str | None,
) -> tuple[Badge, ...]:
    """The badges for facts (kind, detail) that are true today.

    ``social_care`` and ``learning``: the words of the permissions table for the reader's roles
    (P15, P14), empty where the pupil is out of their reach. ``is_away``: absent at today's latest
    session; ``no_reason``: 'this morning' where that has no reason yet.
    """
    kinds = dict(facts)
    badges = [*_tell(kinds, social_care, is_away)]
    if no_reason:
        badges.append(Badge(f"No reason yet {no_reason}", "waits", "schedule"))
    badges += [Badge(words, "plain") for words in _learning(kinds, learning)]
    badges += [
        Badge(f"{said}: {kinds[kind]}" if kinds[kind] else said, "plain")
        for kind, said in _TIMETABLE.items()
        if kind in kinds
    ]
    return tuple(badges)


def _tell(kinds: dict[str, str], words: Collection[str], is_away: bool) -> list[Badge]:
    if "school" in words:
        return [Badge(said, "tell") for kind, said in _SOCIAL_CARE.items() if kind in kinds]
    if "prompt_only" in words and any(kind in kinds for kind in PROMPTED_BY):
        when = "today" if is_away else "of any absence"
        return [Badge(f"Tell the DSL {when}", "tell", "campaign")]
    return []


def _learning(kinds: dict[str, str], words: Collection[str]) -> list[str]:
    granted = [word for word in words if word not in ("no", "referred_if_shared")]
    if not granted:
        return []
    shown = _SEN if all(word.endswith("SEN_only") for word in granted) else _SEN | _OTHER
    return [said for kind, said in shown.items() if kind in kinds]
