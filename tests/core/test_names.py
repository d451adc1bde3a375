import pandas as pd
import pytest

from attendance.core.names import by_surname, called, first_names, plain


def pupils(*names):
    rows = [(n, *name.split("|")) for n, name in enumerate(names, start=1)]
    return pd.DataFrame(rows, columns=["pupil_id", "surname", "forename", "preferred_name"])


def test_a_pupil_is_called_by_the_preferred_name():
    two = pupils("Oduya|Keziah|Kez", "Sampleton|Bram|")
    assert list(called(two)) == ["Kez Oduya", "Bram Sampleton"]
    assert list(first_names(two)) == ["Kez", "Bram"]


def test_a_class_list_is_by_surname_whatever_the_capitals():
    three = pupils("testwick|Amina|", "Fableford|Zed|", "Fableford|Yusuf|Abel")
    assert list(by_surname(three)["pupil_id"]) == [3, 2, 1]


@pytest.mark.parametrize("name", ["<script>", "*Star*", "a_b", ":red[x]", "$x$", "[a](b)", "`c`"])
def test_no_sign_of_a_name_is_left_to_work_as_markup(name):
    assert all(sign.isalnum() or sign in "/()" for sign in _unescaped(plain(name)))


def test_an_ordinary_name_stays_as_it_is():
    assert plain("Anne-Marie O’Fable") == "Anne-Marie O’Fable"


def _unescaped(text):
    """The signs that no backslash stands before."""
    return [s for n, s in enumerate(text) if s != "\\" and (n == 0 or text[n - 1] != "\\")]
