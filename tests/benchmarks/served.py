"""`streamlit run`, with the time of every rerun appended to ATTENDANCE_BENCHMARK_LOG.

One line a rerun: milliseconds by the clock and of the script thread's processor time, Streamlit's
own collection of garbage after the script included.
"""

from __future__ import annotations

import os
import sys
import time
from functools import wraps
from pathlib import Path
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web import cli

LOG = Path(os.environ["ATTENDANCE_BENCHMARK_LOG"])


def logged(run_script: Any) -> Any:
    """The same method, timed."""

    @wraps(run_script)
    def run(self: ScriptRunner, rerun_data: Any) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        run_script(self, rerun_data)
        wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
        with LOG.open("a") as log:
            log.write(f"{wall * 1000:.2f} {cpu * 1000:.2f}\n")

    return run


if __name__ == "__main__":
    ScriptRunner._run_script = logged(ScriptRunner._run_script)
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    cli.main()
