"""The checklist is data that an attendance officer could check."""

from attendance.rules.referral_checklist import WAYS, referral_checklist


def test_every_field_names_its_group_who_asks_and_its_source():
    for field in referral_checklist():
        assert all((field.key, field.group, field.field, field.asked_for_by, field.source)), field
        assert field.how in WAYS, field


def test_no_key_stands_twice():
    keys = [field.key for field in referral_checklist()]
    assert len(keys) == len(set(keys)) == 40


def test_safeguarding_comes_from_the_dsl_alone():
    assert {f.key for f in referral_checklist() if f.how == "dsl"} == {
        "social_care",
        "safeguarding",
    }
