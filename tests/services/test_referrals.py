"""Referrals: the facts as far as a person may see them, one log entry, one workbook."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from attendance.core.amendments import MarkChange
from attendance.core.calendar import Closure, Term
from attendance.core.referral import Period, headline
from attendance.core.referral_checklist import gates
from attendance.core.slots import Session
from attendance.errors import NotAllowed, Refused
from attendance.rules.roles import Role
from attendance.services import referral_pack, referrals
from attendance.services.registers import amend_marks, load_register
from attendance.services.setup import create_school
from attendance.store import events, particulars, pupils, schools
from attendance.store.engine import read, write
from attendance.store.particulars import Characteristic, Contact
from attendance.store.pupils import Enrolment, NewPupil, Placement
from tests.build import person

NOW = datetime(2026, 9, 11, 15, 45, tzinfo=UTC)
MONDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 11)
AM, PM = Session.AM, Session.PM
ADA, BO, CYD = 0, 1, 2


class School:
    """Ada (9K) and her brother Bo (7A); Cyd (9K), who has no contact. All marked for a week."""

    def __init__(self, engine):
        self.engine = engine
        self.id = create_school(
            engine,
            name="Larkspur Fictional Academy",
            urn="999001",
            phase="secondary",
            terms=[Term("Autumn", date(2026, 9, 7), date(2026, 12, 18))],
            closures=[Closure(date(2026, 10, 26), date(2026, 10, 30), "closure", None, "Half")],
            now=NOW,
        )
        self.officer = self.who(Role.ATTENDANCE_OFFICER)
        with write(engine) as tx:
            self.ids = self._people(tx)
        self.mark(BO, "/\\" * 5)
        self.mark(CYD, "/\\" * 5)

    def _people(self, tx):
        ids = pupils.add_pupils(
            tx,
            self.id,
            [
                NewPupil("Testwick", "Adelaide", upn="A999200119007", preferred_name="Ada",
                         sex="F", birth_date=date(2013, 3, 4), household=1),
                NewPupil("Testwick", "Bo", upn="B999200119008", birth_date=date(2015, 6, 2),
                         household=1),
                NewPupil("=HYPERLINK(\"x\")", "Cyd", birth_date=date(2013, 5, 6)),
            ],
        )  # fmt: skip
        first = date(2026, 9, 1)
        pupils.add_enrolments(tx, self.id, [Enrolment(one, first) for one in ids])
        places = zip(ids, (9, 7, 9), ("9K", "7A", "9K"), strict=True)
        pupils.save_placements(tx, self.id, [Placement(p, first, y, f) for p, y, f in places])
        ada = ids[ADA]
        particulars.replace_contacts(
            tx,
            self.id,
            ids,
            [
                Contact(ada, 1, "Mx Lee Testwick", "Mother", True, True, "01632 960001",
                        "", "4 Imaginary Row, ZZ9 9ZZ"),
                Contact(ada, 2, "Nan Testwick", "Grandmother", False, False, "01632 960002"),
            ],
        )  # fmt: skip
        particulars.add_characteristics(
            tx,
            self.id,
            [
                Characteristic(ada, "fsm", first),
                Characteristic(ada, "looked_after", first),
                Characteristic(ada, "sen_support", date(2024, 9, 1), date(2025, 7, 31)),
            ],
        )
        return ids

    def who(self, role, *scope):
        return person(role, *scope, school_id=self.id)

    def register(self, year=2026):
        return load_register(self.engine, self.id, year)

    def mark(self, pupil, marks, reason="Marked from the paper register", now=NOW):
        """Five days of marks from Monday on; '-' leaves a session as it is."""
        changes = [
            MarkChange(self.ids[pupil], date(2026, 9, 7 + at // 2), PM if at % 2 else AM, "-", code)
            for at, code in enumerate(marks)
            if code != "-"
        ]
        amend_marks(self.engine, self.officer, self.register(), changes, reason, now)

    def amend(self, pupil, day, session, expected, code, reason):
        change = MarkChange(self.ids[pupil], day, session, expected, code)
        amend_marks(self.engine, self.officer, self.register(), [change], reason, NOW)

    def packs(self, who, *of, now=NOW):
        years = referrals.load_registers(self.engine, self.id, 2026)
        ids = [self.ids[one] for one in of]
        return referrals.referral_packs(self.engine, who, years, ids, now)

    def pack(self, who=None, of=ADA):
        return self.packs(who or self.officer, of)[0]

    def file(self, who, *of, now=NOW):
        return referrals.referral_file(self.engine, who, [self.ids[one] for one in of], now)

    def exports(self):
        with read(self.engine) as tx:
            return events.list_events(tx, self.id, kinds=["export_referral"])


@pytest.fixture
def school(sqlite_engine):
    return School(sqlite_engine)


def texts(data: bytes):
    """Every cell of a workbook as text, by sheet."""
    book = load_workbook(BytesIO(data))
    return {
        sheet.title: [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        for sheet in book.worksheets
    }


def test_the_pack_counts_what_the_register_holds(school):
    school.mark(ADA, "/\\IIO\\L-N\\")
    pack = school.pack()
    figures = pack.figures(Period.THIS_YEAR)
    assert (figures.possible, figures.attended) == (9, 5)
    assert (figures.authorised, figures.unauthorised) == (2, 2)
    assert (figures.open_n, figures.unmarked, figures.late_before_close) == (1, 1, 1)
    assert [(f.day.day, f.session, f.code) for f in pack.sessions] == [
        (8, AM, "I"), (8, PM, "I"), (9, AM, "O"), (11, AM, "N"),
    ]  # fmt: skip
    assert (pack.to_day, pack.to_session, pack.longest_absence) == (FRIDAY, PM, 3)
    assert pack.last_attended == FRIDAY
    assert (pack.outlook.missed, pack.outlook.possible_so_far) == (4, 9)


def test_codes_are_counted_with_how_they_count(school):
    school.mark(ADA, "/\\IIO\\L\\N\\")
    found = {one.code: (one.sessions, one.counted_as) for one in school.pack().codes}
    assert found["I"] == (2, "Authorised absence")
    assert found["O"] == (1, "Unauthorised absence")
    assert found["L"] == (1, "Attended")


def test_an_open_n_or_a_blank_in_the_window_must_be_put_right_first(school):
    school.mark(ADA, "/\\IIO\\L-N\\")
    stopping = " ".join(gate.says for gate in gates(school.pack()) if gate.stops)
    assert "1 session coded N" in stopping and "1 session without a mark" in stopping
    assert not any(gate.stops and "coded N" in gate.says for gate in gates(school.pack(of=BO)))


def test_a_window_that_is_not_all_here_says_so(school):
    window = school.pack().figures(Period.WINDOW)
    assert window.name == "Last 1 school week, all that are here"
    assert (window.first_day, window.last_day) == (MONDAY, FRIDAY)


def test_parents_are_those_responsible_or_at_home_and_not_who_is_only_rung(school):
    pack = school.pack()
    assert [parent.name for parent in pack.parents] == ["Mx Lee Testwick"]
    assert pack.pupil.address == "4 Imaginary Row, ZZ9 9ZZ"


def test_no_parent_listed_stops_a_referral(school):
    stopping = [gate.says for gate in gates(school.pack(of=CYD)) if gate.stops]
    assert any("No parent is listed" in says for says in stopping)


def test_the_officer_sees_support_needs_of_today_and_no_social_care(school):
    pack = school.pack()
    assert [one.words for one in pack.support_needs] == ["Free school meals"]
    assert pack.social_care is None


@pytest.mark.parametrize("role", [Role.DSL, Role.HEADTEACHER])
def test_the_dsl_and_the_head_see_social_care(school, role):
    pack = school.pack(school.who(role))
    assert [one.words for one in pack.social_care] == ["Looked after"]


def test_the_officer_sees_brothers_and_sisters_with_their_figures(school):
    (brother,) = school.pack().siblings
    assert (brother.name, brother.form, brother.missed, brother.possible) == (
        "Bo Testwick", "7A", 0, 10,
    )  # fmt: skip


def test_a_sibling_beyond_ones_reach_is_mentioned_without_name_or_figures(school):
    (brother,) = school.pack(school.who(Role.PASTORAL_DHOY, "9")).siblings
    assert brother.name == referral_pack.OUT_OF_REACH
    assert (brother.birth_date, brother.missed, brother.possible) == (None, None, None)


def test_a_sibling_who_has_left_is_not_mentioned(school):
    with write(school.engine) as tx:
        gone = [Enrolment(school.ids[BO], date(2026, 9, 1), date(2026, 9, 9))]
        pupils.replace_enrolments(tx, school.id, [school.ids[BO]], gone)
    assert school.pack().siblings == ()


def test_last_year_and_the_window_reach_back_where_there_is_a_register(school):
    with write(school.engine) as tx:
        last = [Enrolment(one, date(2025, 9, 1)) for one in school.ids]
        pupils.replace_enrolments(tx, school.id, school.ids, last)
        schools.replace_terms(
            tx, school.id, 2025, [Term("Summer", date(2026, 7, 6), date(2026, 7, 17))]
        )
    changes = [
        MarkChange(pupil, date(2026, 7, day), session, "-", "O" if pupil == school.ids[0] else "/")
        for pupil in school.ids
        for day in (16, 17)
        for session in (AM,)
    ]
    register = school.register(2025)
    amend_marks(school.engine, school.officer, register, changes, "Paper register", NOW)
    school.mark(ADA, "O\\" + "/\\" * 4)
    pack = school.pack()
    assert pack.figures(Period.LAST_YEAR).unauthorised == 2
    assert pack.figures(Period.LAST_YEAR).name == "Last year, 2025/26"
    window = pack.figures(Period.WINDOW)
    assert (window.unauthorised, window.name) == (3, "Last 3 school weeks, all that are here")
    assert (window.first_day, window.last_day) == (date(2026, 7, 6), FRIDAY)


def test_the_workbook_holds_an_amendment_with_its_six_facts(school):
    school.mark(ADA, "/\\" * 4 + "N\\")
    school.amend(ADA, FRIDAY, AM, "N", "M", "Dentist: card seen")
    name, data = school.file(school.officer, ADA)
    assert name == "Referral A999200119007 2026-09-11.xlsx"
    book = load_workbook(BytesIO(data))
    rows = [[cell.value for cell in row] for row in book["Amendments"].iter_rows()]
    row = next(row for row in rows if "Dentist: card seen" in row)
    assert row[1:5] == ["AM", "N", "M", "Dentist: card seen"]
    assert row[0].date() == FRIDAY
    # 3:45 pm in UTC is 4:45 pm at the school.
    assert row[5] == datetime(2026, 9, 11, 16, 45)
    assert row[6:8] == ["Pat Invented", "Attendance officer"]


def test_an_export_is_logged_with_who_whom_and_how_much_but_no_content(school):
    school.mark(ADA, "IIII" + "/\\" * 3)
    school.file(school.officer, ADA, CYD)
    (entry,) = school.exports()
    assert (entry.username, entry.name, entry.at) == ("pat", "Pat Invented", NOW)
    assert entry.subjects == [school.ids[ADA], school.ids[CYD]]
    amended = len(school.pack().amendments) + len(school.pack(of=CYD).amendments)
    assert entry.detail["rows"] == 4 + amended
    assert "Testwick" not in str(entry.detail) and "Ada" not in str(entry.detail)


def test_a_workbook_of_several_names_how_many_and_no_upn(school):
    name, data = school.file(school.officer, ADA, BO)
    assert name == "Referral 2 pupils 2026-09-11.xlsx"
    assert "Contents" in load_workbook(BytesIO(data)).sheetnames


def test_a_pupil_without_a_upn_still_has_a_file_name_without_a_name(school):
    assert school.file(school.officer, CYD)[0] == "Referral 1 pupil 2026-09-11.xlsx"


def test_a_name_that_looks_like_a_formula_stays_text(school):
    _, data = school.file(school.officer, CYD)
    book = load_workbook(BytesIO(data))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize(
    "role, scope, of",
    [
        (Role.PASTORAL_DHOY, ("9",), (BO,)),
        (Role.PASTORAL_DHOY, ("9",), (ADA, BO)),
        (Role.TEACHER_FORM_TUTOR, ("9K",), (ADA,)),
        (Role.EWO_VISITOR, (), (ADA,)),
        (Role.ADMIN_STAFF, (), (ADA,)),
        (Role.GOVERNOR, (), (ADA,)),
        (Role.SYSTEM_ADMIN, (), (ADA,)),
    ],
)
def test_out_of_reach_nothing_is_built_and_nothing_logged(school, monkeypatch, role, scope, of):
    def built(_):
        raise AssertionError("a workbook was built")

    monkeypatch.setattr(referrals, "referral_workbook", built)
    with pytest.raises(NotAllowed):
        school.file(school.who(role, *scope), *of)
    assert school.exports() == []


@pytest.mark.parametrize(
    "role, scope", [(Role.PASTORAL_DHOY, ("9",)), (Role.DSL, ()), (Role.HEADTEACHER, ())]
)
def test_within_reach_the_workbook_is_built_and_logged(school, role, scope):
    school.file(school.who(role, *scope), ADA)
    assert len(school.exports()) == 1


def test_a_log_that_cannot_be_written_hands_out_no_file(school, monkeypatch):
    def fails(*_args, **_more):
        raise Refused("The database could not save this.")

    monkeypatch.setattr(events, "append", fails)
    with pytest.raises(Refused):
        school.file(school.officer, ADA)


def test_no_pupil_chosen_is_one_sentence(school):
    with pytest.raises(Refused, match="choose at least one"):
        school.file(school.officer)


def test_a_pupil_of_another_school_is_out_of_reach(school):
    with pytest.raises(NotAllowed, match="One pupil is not in"):
        referrals.referral_file(school.engine, school.officer, [99999], NOW)


def test_a_year_without_a_register_says_so(school):
    with pytest.raises((Refused, NotAllowed)):
        referrals.referral_file(school.engine, school.officer, [school.ids[ADA]], NOW, 2027)


def test_a_referral_about_an_earlier_year_says_which(school):
    later = datetime(2027, 9, 10, 9, 0, tzinfo=UTC)
    years = referrals.load_registers(school.engine, school.id, 2026)
    (pack,) = referrals.referral_packs(
        school.engine, school.officer, years, [school.ids[BO]], later
    )
    assert pack.figures(Period.THIS_YEAR).name == "School year 2026/27"
    assert "in the school year 2026/27 to the afternoon of 11 September 2026" in headline(pack)
    assert "this school year" in headline(school.pack(of=BO))


def test_pupils_are_offered_by_name_and_form_within_reach(school):
    register = school.register()
    everybody = referrals.pupils_to_choose(school.officer, register)
    assert everybody[school.ids[ADA]] == "Ada Testwick, 9K"
    own = referrals.pupils_to_choose(school.who(Role.PASTORAL_DHOY, "7"), register)
    assert own == {school.ids[BO]: "Bo Testwick, 7A"}


def test_two_pupils_of_one_name_and_form_are_told_apart_by_their_numbers(school):
    with write(school.engine) as tx:
        (twin,) = pupils.add_pupils(tx, school.id, [NewPupil("Testwick", "Ada")])
        pupils.add_enrolments(tx, school.id, [Enrolment(twin, date(2026, 9, 1))])
        pupils.save_placements(tx, school.id, [Placement(twin, date(2026, 9, 1), 9, "9K")])
    offered = referrals.pupils_to_choose(school.officer, school.register())
    assert offered[twin] == f"Ada Testwick, 9K ({twin})"
    assert offered[school.ids[ADA]] == f"Ada Testwick, 9K ({school.ids[ADA]})"


def test_a_visiting_officer_sees_whom_a_referral_in_force_names(school):
    from dataclasses import replace

    visitor = school.who(Role.EWO_VISITOR)
    assert referrals.referred_to(visitor, school.register()).empty
    visitor = replace(visitor, referred=frozenset({school.ids[ADA]}))
    found = referrals.referred_to(visitor, school.register())
    assert found["name"].tolist() == ["Ada Testwick"]
