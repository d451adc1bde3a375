from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from attendance.core.chain import GENESIS, entry_hash, verify

FACTS = {
    "school_id": 1, "school_year": 2026, "pupil_id": 7, "day": date(2026, 11, 20), "session": "AM",
    "original": "N", "amended": "I", "reason": "Parent’s call", "username": "pat",
    "at": datetime(2026, 11, 20, 8, 40, tzinfo=UTC), "name": "Pat Invented",
    "position": "Attendance officer", "batch_id": None,
}  # fmt: skip


def chain_of(size: int) -> list[dict[str, object]]:
    rows, last = [], GENESIS
    for seq in range(1, size + 1):
        row = FACTS | {"seq": seq, "reason": f"Reason {seq}"}
        row |= {"previous_hash": last, "hash": entry_hash(last, row)}
        last = row["hash"]
        rows.append(row)
    return rows


def check(rows, size=5, head=None):
    return verify(rows, head=head or chain_of(size)[-1]["hash"], count=size)


def test_a_chain_as_it_was_written_is_intact():
    found = check(chain_of(5))
    assert found.intact and found.amendments == 5


def test_an_empty_chain_is_intact():
    assert verify([], head=GENESIS, count=0).intact


@pytest.mark.parametrize("name", list(FACTS))
def test_a_change_to_any_fact_of_any_amendment_is_found(name):
    rows = chain_of(5)
    rows[2][name] = datetime(2020, 1, 1, tzinfo=UTC) if name == "at" else 99
    assert check(rows).broken == "Amendment 3 is not as it was written."


def test_a_missing_amendment_is_found():
    rows = chain_of(5)
    assert check(rows[:2] + rows[3:]).broken == "Amendment 3 is missing."


def test_two_amendments_in_another_order_are_found():
    rows = chain_of(5)
    rows[1], rows[2] = rows[2], rows[1]
    assert not check(rows).intact


def test_a_shortened_tail_is_found():
    assert check(chain_of(4)).broken == "There are 4 amendments; 5 were made."


def test_a_whole_chain_forged_anew_is_found_by_the_head():
    rows, last = chain_of(5), GENESIS
    for row in rows:
        row["amended"] = "/"
        row |= {"previous_hash": last, "hash": entry_hash(last, row)}
        last = row["hash"]
    assert check(rows).broken == "The last amendment is not the one recorded as last."


def test_a_moment_hashes_the_same_in_any_time_zone():
    summer = timezone(timedelta(hours=1))
    row = FACTS | {"seq": 1}
    moved = row | {"at": FACTS["at"].astimezone(summer)}
    assert entry_hash(GENESIS, row) == entry_hash(GENESIS, moved)


def test_the_hash_is_the_one_that_the_module_describes():
    import hashlib

    text = (
        GENESIS + '\n[1,1,2026,7,"2026-11-20","AM","N","I","Parent’s call",'
        '"2026-11-20T08:40:00.000000+00:00","pat","Pat Invented","Attendance officer",null]'
    )
    assert entry_hash(GENESIS, FACTS | {"seq": 1}) == hashlib.sha256(text.encode()).hexdigest()
