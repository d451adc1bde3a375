"""Every trigger, by the engine and by the oracle, on small schools; see ``test_random_schools``."""

from collections import Counter

from hypothesis import given, settings

from attendance.core.timeline import join
from attendance.core.triggers import Finding, find
from tests.oracle import draw, strategies, triggers, world
from tests.oracle.asked import Asked, Found

IN_ORDER = (
    "unresolved_n", "overdue_n", "consecutive_absence", "penalty_threshold", "third_notice",
    "attendance_return", "sickness_first_warning", "sickness_second_warning", "sickness_return",
    "continuous_absence", "leave_overrun", "persistent_absence", "severe_absence", "back_under_10",
    "repeated_lateness", "present_then_absent", "sudden_change", "siblings_absent",
    "absent_social_worker", "absent_yot_worker", "part_time_review",
)  # fmt: skip


def plain(finding: Finding) -> Found:
    sessions = tuple((day, str(half), code) for day, half, code in finding.sessions)
    return Found(
        finding.pupil_id, str(finding.trigger), finding.since, finding.due, finding.met_on,
        finding.window_from, finding.window_to, sessions,
    )  # fmt: skip


def assert_findings_agree(school, registers, on, noted, own) -> Counter[str]:
    asked = Asked(school, on, own)
    timeline = join(registers)
    found = find(timeline, on, world.records(noted), world.settings(own))
    assert all(each.rule and each.says for each in found)
    rows = {pupil.pupil_id: row for row, pupil in enumerate(asked.roll)}
    keys = [(rows[f.pupil_id], IN_ORDER.index(f.trigger), f.since) for f in found]
    assert keys == sorted(keys)
    ours = Counter(triggers.find(asked, noted))
    theirs = Counter(map(plain, found))
    assert (theirs - ours, ours - theirs) == (Counter(), Counter()), f"on {on}"
    met = Counter(str(finding.trigger) for finding in found)
    return met


@settings(max_examples=200, deadline=None)
@given(strategies.cases())
def test_every_trigger_is_found_as_plain_loops_find_it_in_any_small_school(case):
    registers = world.registers(case.school)
    assert_findings_agree(case.school, registers, case.on, case.noted, draw.Thresholds())
