"""The script Streamlit runs for every page. What it runs is kept in `navigation`, which is read
once: this file is read and run anew at every rerun.

It must not lie beside `pages/`: Streamlit 1.67 would then serve those files by themselves
to the first visitor after a restart, before this script has run.
"""

from attendance.ui.navigation import run

run()
