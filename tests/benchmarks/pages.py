"""Every page's rerun at 1,200 pupils, beside an empty page's: `python -m tests.benchmarks.pages`.

Two servers and one real Chromium. A rerun is what the key R asks for: the page as it stands, run
again and drawn again. The page's rerun and the empty page's take turns, so that both meet the same
load, and the ratio of the medians is what counts: against a bare script of two lines, and (last
column) against our own frame with nothing in it, which every page carries. Settled is when the
script has ended and the page's elements have stopped changing. Names of pages to measure may be
given as arguments.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from attendance.services.on_track import standing
from attendance.services.registers import load_register
from tests.benchmarks.measure import demo_school, table, verdict
from tests.browser.conftest import FLAGS, ROOT, Server, _free_port, open_address, settle, sign_in
from tests.screens import DEMO_DAY, DEMO_MOMENT

TARGET_MS, TARGET_TIMES = 100.0, 6.0
ROUNDS, WARM_UPS = 11, 3
QUIET_MS = 250
EMPTY = "tests/benchmarks/empty/app.py"
FRAME = "our frame, empty"

# Note when the server's last message arrived: a fast rerun may come and go in one drawing.
LISTEN = """
const Plain = window.WebSocket;
window.heard = 0;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => { window.heard = performance.now(); });
  }
};
"""

# Ask for a rerun and answer with the milliseconds until the last message of the server or the last
# change of the page's elements, whichever was later; -1 when no rerun was seen.
RERUN = """quiet => new Promise(answer => {
  const app = document.querySelector("[data-testid=stApp]");
  const start = performance.now();
  let changed = 0;
  const observer = new MutationObserver(() => { changed = performance.now(); });
  observer.observe(document.body, {subtree: true, childList: true, attributes: true,
                                   characterData: true});
  const timer = setInterval(() => {
    const now = performance.now(), last = Math.max(changed, window.heard);
    const is_over = window.heard > start && now - last > quiet
      && app.getAttribute("data-test-script-state") === "notRunning";
    if (is_over || now - start > 15000) {
      clearInterval(timer);
      observer.disconnect();
      answer(is_over ? last - start : -1);
    }
  }, 10);
  for (const kind of ["keydown", "keyup"])
    document.body.dispatchEvent(new KeyboardEvent(kind,
      {key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true}));
})"""


@dataclass(frozen=True)
class Place:
    """A page as one person has it open; ``press`` is a button to press first."""

    name: str
    username: str
    path: str
    press: str = ""


@dataclass(frozen=True)
class Timed:
    """A running server and the file with its reruns' times."""

    server: Server
    log: Path

    def last(self) -> tuple[float, float]:
        """Wall and processor milliseconds of the latest rerun."""
        wall, cpu = self.log.read_text().splitlines()[-1].split()
        return float(wall), float(cpu)


def places(pupil_id: int, upn: str) -> tuple[Place, ...]:
    """Every page, with something chosen where nothing would show without it."""
    return (
        # A page that the role does not open has guard, head and navigation, and nothing in it.
        Place(FRAME, "officer", "/users"),
        Place("today", "officer", "/today"),
        Place("register, read", "officer", "/register"),
        Place("register, type", "officer", "/register", press="Type marks"),
        Place("register, one pupil", "officer", f"/register?pupil={pupil_id}"),
        Place("pupil", "officer", f"/pupil?upn={upn}"),
        Place("on track", "officer", "/on_track"),
        Place("absence", "officer", "/absence"),
        Place("absence, year 9", "officer", "/absence?year=9"),
        Place("referrals", "officer", f"/referrals?pupil={pupil_id}"),
        Place("rules in force", "officer", "/rules_in_force"),
        Place("imports", "officer", "/imports"),
        Place("users", "head", "/users"),
    )


@contextmanager
def serving(script: str, database: Path) -> Iterator[Timed]:
    """`streamlit run` of a script with its reruns timed, until the block ends."""
    port = _free_port()
    log = database.with_suffix(f".{port}.log")
    environment = {
        **os.environ,
        "ATTENDANCE_DATABASE_URL": f"sqlite:///{database}",
        "ATTENDANCE_NOW": DEMO_MOMENT,
        "ATTENDANCE_BENCHMARK_LOG": str(log),
    }
    command = [sys.executable, "-m", "tests.benchmarks.served", script, "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield Timed(Server(f"http://127.0.0.1:{port}", database), log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"{address} did not answer.")


def a_pupil(database: Path) -> tuple[int, str]:
    """A pupil with a long story: the one who has missed the most this year."""
    register = load_register(demo_school(database), 1, 2026)
    worst = register.pupils.loc[standing(register, DEMO_DAY)["missed"].to_numpy().argmax()]
    return int(worst["pupil_id"]), str(worst["upn"])


def opened(page: Page, ours: Timed, place: Place) -> None:
    """Sign in and open the page as it is to be measured."""
    sign_in(page, ours.server, place.username, "/rules_in_force")
    open_address(page, ours.server, place.path)
    if place.press:
        page.get_by_role("button", name=place.press).or_(
            page.get_by_role("radio", name=place.press)
        ).first.click()
        settle(page)
    page.wait_for_timeout(1500)


def rerun(page: Page) -> float:
    """Milliseconds until one rerun has settled."""
    page.evaluate("document.activeElement?.blur()")
    took: float = page.evaluate(RERUN, QUIET_MS)
    if took < 0:
        raise RuntimeError("The page did not run again.")
    return took


def measured(browser: Browser, ours: Timed, empty: Timed, place: Place) -> tuple[Any, ...]:
    """One row of the table."""
    # A window each: Chromium slows a tab that stands behind another.
    windows = [browser.new_context(viewport={"width": 1440, "height": 1000}) for _ in range(2)]
    for window in windows:
        window.add_init_script(LISTEN)
    page, blank = (window.new_page() for window in windows)
    open_address(blank, empty.server, "/")
    opened(page, ours, place)
    settled, idle, walls, cpus = [], [], [], []
    for turn in range(WARM_UPS + ROUNDS):
        took, nothing = rerun(page), rerun(blank)
        wall, cpu = ours.last()
        if turn >= WARM_UPS:
            settled.append(took)
            idle.append(nothing)
            walls.append(wall)
            cpus.append(cpu)
    for window in windows:
        window.close()
    times = median(settled) / median(idle)
    print(f"{place.name}: {times:.1f} times", file=sys.stderr, flush=True)
    is_under = verdict(median(walls), TARGET_MS), verdict(times, TARGET_TIMES)
    return (place.name, median(walls), median(cpus), is_under[0], median(settled), median(idle),
            f"{times:.1f}", is_under[1])  # fmt: skip


def main() -> None:
    chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = Path(folder) / "demo.sqlite"
        wanted = [
            place
            for place in places(*a_pupil(database))
            if not chosen or any(place.name.startswith(name) for name in [FRAME, *chosen])
        ]
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with serving("app.py", database) as ours, serving(EMPTY, database) as empty:
            rows = [measured(browser, ours, empty, place) for place in wanted]
        browser.close()
    frame = rows[0][4]
    rows = [(*row, f"{row[4] / frame:.1f}") for row in rows]
    headings = (
        "Page", "server ms", "cpu ms", "< 100 ms", "settled ms", "empty ms", "times", "< 6",
        "times our frame",
    )  # fmt: skip
    table(f"One rerun at 1,200 pupils, medians of {ROUNDS}", headings, rows)


if __name__ == "__main__":
    main()
