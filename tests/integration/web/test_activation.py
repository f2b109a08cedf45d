"""开通网上业务 by the pages: a slip from the counter, a password of one's own, and everything that does not get in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.integration.web.conftest import LANZHOU, PASSWORD
from tests.support.people import fresh

NEW = "Gansu-zhufang-77"


@pytest.fixture(scope="module")
def people(world):
    """Members of a unit of their own, none of whom has a login: {name: (account, identity number)}."""
    from hpf.accounts import queries as accounts
    from hpf.parties import queries as parties

    unit, numbers = world.centre.unit_with_people("兰州开通有限公司", people=5)
    with world.centre.scope():
        members = [accounts.member_account(LANZHOU, number) for number in numbers]
        return unit, [(member.account_no, parties.full_identity(member.person_id).id_number) for member in members]


def slip(world, address):
    """The code on a slip, without its blank."""
    answer = world.browser("clerk").post(f"{address}online/", {"key": fresh("slip")})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    return re.search(r"<dt>开通码</dt><dd class=\"figure\">(\w{4}) (\w{4})</dd>", answer.content.decode()).expand(r"\1\2")


def activate(login, code, password=NEW, gate="member"):
    from django.test import Client

    answer = Client().post(f"/sign-in/first/?as={gate}", {"login": login, "code": code, "new": password, "again": password}, follow=True)
    return answer.content.decode()


def signs_in(login, password, gate="member"):
    from django.test import Client

    answer = Client().post(f"/sign-in/?as={gate}", {"login": login, "password": password}, follow=True)
    return answer.redirect_chain[-1][0] if answer.redirect_chain else "no"


def test_a_member_without_a_login_sets_a_password_by_the_slip_and_signs_in(world, people):
    account_no, number = people[1][0]
    assert signs_in(number, NEW) == "no"
    code = slip(world, f"/counter/person/{account_no}/")
    assert signs_in(number, code) == "no"
    assert "密码已设置，请登录" in activate(number, f" {code[:4].lower()} {code[4:].lower()} ")
    assert signs_in(number, NEW) == "/me/"
    assert "登录名或开通码不正确" in activate(number, code, "Another-password-9")
    assert signs_in(number, NEW) == "/me/"


def test_the_old_password_is_good_until_the_code_is_used(world):
    code = slip(world, f"/counter/person/{world.zhang.account_no}/")
    assert signs_in(world.zhang_number, PASSWORD) == "/me/"
    assert "密码已设置" in activate(world.zhang_number, code)
    assert (signs_in(world.zhang_number, PASSWORD), signs_in(world.zhang_number, NEW)) == ("no", "/me/")
    assert "密码已设置" in activate(world.zhang_number, slip(world, f"/counter/person/{world.zhang.account_no}/"), PASSWORD)


def test_a_new_slip_ends_the_one_before(world, people):
    account_no, number = people[1][1]
    first, second = slip(world, f"/counter/person/{account_no}/"), slip(world, f"/counter/person/{account_no}/")
    assert first != second
    assert "登录名或开通码不正确" in activate(number, first)
    assert "密码已设置" in activate(number, second)


def test_five_wrong_tries_end_a_code_and_a_weak_password_is_no_try(world, people):
    account_no, number = people[1][2]
    code = slip(world, f"/counter/person/{account_no}/")
    for weak in range(6):
        assert "少于10位" in activate(number, code, f"a{weak}")
    for _ in range(5):
        assert "登录名或开通码不正确" in activate(number, "22222222")
    assert "登录名或开通码不正确" in activate(number, code)
    assert signs_in(number, NEW) == "no"


def test_a_slip_is_good_for_seven_days(world, people):
    from hpf.access import queries as access
    from hpf.access.services import activate as set_password
    from tests.support.people import AT

    account_no, number = people[1][3]
    code = slip(world, f"/counter/person/{account_no}/")
    late = set_password(login=access.member_login(number), code=code, password=NEW, at=AT + timedelta(days=3650))
    assert [reason.code for reason in late.reasons] == ["ACTIVATION_OVER"]
    assert "密码已设置" in activate(number, code)


def test_a_stranger_learns_nothing(world, people):
    """The same words for a number that is nobody's and for a wrong code."""
    account_no, number = people[1][4]
    slip(world, f"/counter/person/{account_no}/")
    pattern = r"登录名或开通码不正确[^<]*"
    assert re.search(pattern, activate("620102199001010011", "22222222"))[0] == re.search(pattern, activate(number, "22222222"))[0]


def test_the_operator_of_a_unit_signs_in_by_the_account_number(world, people):
    unit = people[0]
    code = slip(world, f"/counter/unit/{unit}/")
    assert "少于10位" not in activate(unit, code, gate="employer")
    assert signs_in(unit, NEW, gate="employer") == "/unit/"


def test_who_has_no_right_gets_no_slip_and_a_slip_is_seen_by_its_member(world):
    address = f"/counter/person/{world.zhang.account_no}/"
    assert world.browser("checker").post(f"{address}online/", {"key": "no"}).status_code == 403
    assert "发放开通码" not in world.browser("checker").get(address).content.decode()
    slip(world, address)
    looks = world.browser(world.zhang_login).get("/me/looks/").content.decode()
    assert "开通码" in looks
