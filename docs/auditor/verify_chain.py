"""Check a school's amendments without any of Attendance Desk: Python 3.11, nothing else.

    python verify_chain.py attendance.sqlite [attendance-heads.txt]
    python verify_chain.py amendments.csv    [attendance-heads.txt]     (or .json: a list of rows)

The hash of an amendment is SHA-256, in hexadecimal, of this text in UTF-8:
    the hash before it (64 zeros before the first), a newline, and a JSON array without spaces and
    without escapes for accents, of FACTS in this order. Numbers are JSON numbers, nothing is null,
    days are "2026-11-20", moments UTC with six decimals: "2026-11-20T08:40:00.000000+00:00".
A line of published heads is: moment, number of amendments, hash of the last one[, seal].
The chain alone cannot show that all of it was made anew: only the published heads can.
Exit code: 0 intact, 1 not, 2 called wrongly.
"""

import csv
import hashlib
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

NUMBERS = ("school_id", "seq", "school_year", "pupil_id", "batch_id")
FACTS = ("school_id", "seq", "school_year", "pupil_id", "day", "session", "original", "amended",
         "reason", "at", "username", "name", "position", "batch_id")  # fmt: skip


def rows_of(file):
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return sorted(csv.DictReader(lines), key=lambda row: int(row["seq"]))
    if file.suffix == ".json":
        return json.loads(file.read_text(encoding="utf-8"))
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return database.execute("SELECT * FROM amendment ORDER BY school_id, seq").fetchall()


def plain(name, value):
    if name in NUMBERS:
        return None if value in (None, "") else int(value)
    if name == "at":
        at = datetime.fromisoformat(value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        return at.isoformat(timespec="microseconds")
    return value


def check(rows, heads=()):
    """What is wrong, one sentence each."""
    wrong, last, hashes = [], "0" * 64, ["0" * 64]
    for seq, row in enumerate(rows, 1):
        facts = [plain(name, row[name]) for name in FACTS]
        text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        found = hashlib.sha256(f"{last}\n{text}".encode()).hexdigest()
        if int(row["seq"]) != seq or row["previous_hash"] != last or row["hash"] != found:
            return [f"Amendment {seq} is missing or not as it was written."]
        last = found
        hashes.append(found)
    for line in heads:
        moment, count, head = line.split()[:3]
        if int(count) >= len(hashes) or hashes[int(count)] != head:
            wrong.append(f"The head published at {moment} for {count} amendments is not theirs.")
    return wrong


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(2)
    rows = rows_of(Path(sys.argv[1]))
    heads = Path(sys.argv[2]).read_text().splitlines() if len(sys.argv) == 3 else []
    wrong = check(rows, [line for line in heads if line.strip()])
    print("\n".join(wrong) or f"{len(rows)} amendments, all as written; {len(heads)} heads agree.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
