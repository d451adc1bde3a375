"""What can be wrong in a school's data: each kind in words, why it matters and how it is mended.

The order of KINDS is the order of work: what changes a statutory figure, then what the law asks
for, then what makes records worse. Authorities are those of rows in data/reference where one says
the same; "quoted by others" and "own rule" mean what they mean there.
"""

from __future__ import annotations

from attendance.core.quality_kind import About, Kind, Place, Weight

__all__ = ["BY_NAME", "KINDS", "ORDER", "About", "Kind", "Place", "Weight"]

_REG10 = "SI 2024/208 reg 10"
_TABLE3 = "SI 2024/208 reg 10(3) Table 3 (quoted by others)"
_METHOD = "DfE absence methodology"
_POSSIBLE = f"{_METHOD} section 4: what counts as a possible session"
_F, _D, _R = Weight.FIGURES, Weight.DUTY, Weight.RECORD

KINDS: tuple[Kind, ...] = (
    Kind(
        "session_unmarked", "Sessions that most of the school has no marks for",
        "More than half of the school has no mark.",
        "A session without marks is in no figure, so rates rest on fewer sessions than were held.",
        f"{_REG10}(1)",
        "Import the registers of these sessions; if the school was closed, enter the closure.",
        _F, About.REGISTERS, Place.IMPORTS,
    ),
    Kind(
        "missing_register", "Registers that were not taken",
        "No pupil of the form has a mark.",
        "The register is taken at the start of each morning and once each afternoon. Without it "
        "the whole form is missing from the session’s figures.",
        f"{_REG10}(1)",
        "Ask who took the form, and enter its marks in the Register.",
        _F, About.REGISTERS, Place.REGISTER,
    ),
    Kind(
        "long_blank", "Pupils without any mark for ten school days or more",
        "On roll, and without a mark for ten school days or more.",
        "Either they have left and are still on roll, or nobody knows where they are.",
        "Attendance Desk’s own rule; deletion only on a ground of SI 2024/208 reg 9",
        "Find out where the pupil is. If they left, enter the last day; else enter the marks.",
        _F, About.MARKS, Place.PUPIL,
    ),
    Kind(
        "missing_marks", "Single marks that are missing",
        "No mark, though the form’s register was taken.",
        "A blank is not a possible session: it hides an absence and flatters the rate.",
        f"{_REG10}(1); blanks left out: Attendance Desk’s own rule",
        "Enter the mark, or N until the reason is known.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "off_roll", "Marks of pupils who were not on roll",
        "A mark while the pupil was not on roll.",
        "They are not counted here, and may be in the figures of your other system.",
        f"{_METHOD} section 3: only while enrolled",
        "Correct the first or last day on roll, or have the mark taken out where it came from.",
        _F, About.MARKS, Place.PUPIL,
    ),
    Kind(
        "closed_day", "Marks on days when the school was closed",
        "A mark on a day the calendar says is closed.",
        "They are not counted here, and may be in the figures of your other system.",
        f"{_METHOD} s4.6",
        "Correct the calendar if the school was open; else take the mark out where it came from.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "retired_code", "Codes that were not in force on the day",
        "The code was not in force on that day; it is counted by what it last meant.",
        "H, J and Y ended on 18 August 2024. J moved from attended to authorised absence, so "
        "the figure depends on the code that should stand there.",
        f"{_REG10} in force from 19 August 2024",
        "Amend to the code in force: H to C only if leave was granted, else G; J to J1; Y to Q "
        "or Y1 to Y7.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "unknown_code", "Marks that are no attendance code",
        "The mark is no attendance code, so it is counted as nothing.",
        "A session with a school’s own code is in no figure.",
        f"{_REG10}(2)-(3) Tables 1 to 3",
        "Amend to the national code that says why the pupil was there or not.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "local_code", "Codes in imported files that were not saved",
        "The file had marks that are no national code; they were not saved.",
        "The sessions are blank here until a code is entered.",
        f"{_REG10}(2)-(3) Tables 1 to 3",
        "Open Imports, see which marks, and enter the national code in the Register.",
        _F, About.REGISTERS, Place.IMPORTS,
    ),
    Kind(
        "x_compulsory", "X on pupils of compulsory school age",
        "X is only for pupils who are not of compulsory school age.",
        "X takes the session out of what is possible, so absence is hidden.",
        f"{_TABLE3}; Education Act 1996 s8",
        "Amend to the code that applies: C2 for an agreed part-time timetable, B or D for "
        "education elsewhere, else an absence.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "c2_and_x", "C2 and X for one pupil in one year",
        "Both C2 and X: one is for compulsory school age, the other for outside it.",
        "C2 is an authorised absence and X is not possible: the two cannot both be right, unless "
        "the pupil reached the age in between.",
        f"SI 2024/208 reg 11(6); {_TABLE3}",
        "Check the birth date, and amend whichever does not fit.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "c2_age", "C2 outside compulsory school age",
        "C2 is only for pupils of compulsory school age.",
        "C2 counts as authorised absence; for a younger or older pupil X takes the session out.",
        "SI 2024/208 reg 11(6)",
        "Amend to X if the pupil is not required to attend then.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "present_when_shut", "Present at sessions when the school was shut",
        "Marked present or late while most of the school has Y4 or #.",
        "One pupil cannot be in a school that is closed; the mark adds an attended session.",
        f"{_POSSIBLE}; {_TABLE3}",
        "Amend to the code the others have, or correct theirs.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "shut_alone", "Y4 for pupils while the school was open",
        "Y4 says the whole school was closed, and most pupils have other marks.",
        "Y4 takes the session out of what is possible for this pupil alone.",
        _TABLE3,
        "Amend to the code that says why this pupil was not there.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "half_closed", "Closed for one half of a day and marked in the other",
        "# in one half of the day and another mark in the other, for one pupil.",
        "# is a planned closure of the school or a year group, never of one pupil.",
        f"{_METHOD} s4.6",
        "Amend the half that is wrong.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "closed_alone", "# for pupils on roll in a session of the school",
        "# while the pupil’s year group had a session.",
        "# takes the session out of what is possible for this pupil alone.",
        f"{_METHOD} s4.6",
        "Amend to the code that says why this pupil was not there.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "z_on_roll", "Z for pupils on roll",
        "Z says not yet on the admission register, and the pupil is.",
        "Z takes the session out of what is possible, so absence is hidden.",
        f"{_METHOD} s4.6",
        "Correct the first day on roll, or amend to the code that applies.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "future_present", "Present at sessions still to come",
        "Marked present before the session was held.",
        "The session will be counted as attended whatever happens.",
        f"{_REG10}(1): taken at the session",
        "Look again when the register is taken; amend what does not fit.",
        _F, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "duplicate", "Pupils who may be entered twice",
        "Another entry looks like the same pupil.",
        "One pupil entered twice is two in every count, and has half a record in each.",
        "One entry for each pupil in the admission register (not verified)",
        "Compare the two; correct the one that is wrong where it is kept, and import again.",
        _F, About.ROLL, Place.PUPIL,
    ),
    Kind(
        "overlap", "Spells on roll that overlap",
        "Two spells on the admission register overlap, or one ends before it begins.",
        "A first or last day is wrong, and with it the sessions that count.",
        f"{_METHOD} section 3: each enrolment for its own days",
        "Correct the first and last days on roll.",
        _F, About.ROLL, Place.PUPIL,
    ),
    Kind(
        "no_birth_date", "Pupils without a birth date",
        "No birth date.",
        "Compulsory school age and the DfE-comparable figure are guessed from the year group.",
        "Education Act 1996 s8: compulsory school age is by date of birth",
        "Import the pupils again with birth dates.",
        _F, About.ROLL, Place.PUPIL,
    ),
    Kind(
        "overdue_n", "N left longer than five school days",
        "Five school days have passed, and the reason is still N.",
        "If no reason can be found within five school days of the session, it becomes O.",
        "SI 2024/208 reg 10(7)-(9) (quoted by others)",
        "Amend to the reason if it is known, else to O. Today lists the newer ones.",
        _D, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "long_suspension", "E for longer than five school days",
        "E on the sixth school day or later.",
        "From the sixth school day the school or the local authority provides education, and "
        "the code is then that of the provision.",
        f"{_METHOD} section 4",
        "Find out what was provided; amend to B, D or K if it was attended.",
        _D, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "c2_no_plan", "C2 without a part-time timetable on record",
        "C2, and no part-time timetable is recorded for that day.",
        "C2 needs agreed times and dates, for a limited time, reviewed.",
        "SI 2024/208 reg 11(6)",
        "Record the agreement and its review day; amend if there is none.",
        _D, About.MARKS, Place.PUPIL,
    ),
    Kind(
        "no_note", "B or K without a note of what the activity was",
        "No note of the activity or the provision.",
        "The nature of the activity is recorded with B; with K, where it is.",
        f"{_REG10}(11) (quoted by others)",
        "Add the note in your management information system and import again.",
        _D, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "no_contact", "Pupils with nobody to ring",
        "No contact with a telephone number.",
        "There is at least one emergency number for each parent the pupil lives with.",
        "Working together to improve school attendance (quoted by others)",
        "Ask home, and add the contact on the pupil’s page.",
        _D, About.CONTACTS, Place.PUPIL,
    ),
    Kind(
        "bad_upn", "UPNs that cannot be right",
        "The UPN does not fit its check letter or its shape.",
        "DfE’s returns and every match of files rest on it.",
        "DfE’s UPN guide: check letter",
        "Take the UPN from the common transfer file, correct it and import again.",
        _D, About.ROLL, Place.PUPIL,
    ),
    Kind(
        "closure_not_in_calendar", "# for a whole year group that the calendar does not know",
        "Most of the year group has #, and the calendar has a session.",
        "Figures are right; registers missing for that session would be called missing.",
        f"{_METHOD} s4.6",
        "Enter the closure in the school’s calendar.",
        _R, About.REGISTERS, Place.REGISTER,
    ),
    Kind(
        "wrong_half", "\\ in the morning or / in the afternoon",
        "The mark for present of the other half of the day.",
        "Counted as present all the same; DfE’s collection may refuse it.",
        f"{_REG10}(2) Table 1",
        "Amend: / in the morning, \\ in the afternoon.",
        _R, About.MARKS, Place.REGISTER,
    ),
    Kind(
        "one_contact", "Pupils with only one person to ring",
        "Only one contact with a telephone number.",
        "More than one is advised, so that somebody answers on the first day of an absence.",
        "Working together to improve school attendance (quoted by others)",
        "Ask home for a second number.",
        _R, About.CONTACTS, Place.PUPIL,
    ),
    Kind(
        "no_upn", "Pupils without a UPN",
        "No UPN.",
        "Files of other systems cannot be matched but by admission number or name.",
        "DfE’s UPN guide",
        "Ask the last school or the local authority for it.",
        _R, About.ROLL, Place.PUPIL,
    ),
    Kind(
        "no_form", "Pupils without a form or year group",
        "No form or no year group.",
        "They are in no form’s register, and in no figure by form or year.",
        "Attendance Desk’s own rule",
        "Import the pupils again with forms.",
        _R, About.ROLL, Place.PUPIL,
    ),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
ORDER = {kind.name: place for place, kind in enumerate(KINDS)}
