"""建立用户、任用: a supervisor is made by one administrator with a second factor, appointed by another, and sees the province."""

from __future__ import annotations

import html
import re

import pytest

from tests.integration.web.conftest import LANZHOU, PASSWORD


def make(world, login, audience, **more):
    form = {
        "login": login,
        "name": "王监管",
        "audience": audience,
        "password": PASSWORD.replace("Lanzhou", "Gansu"),
        "key": f"make-{login}",
        **more,
    }
    return world.browser("system").post("/users/new/", form)


def fault(answer, field):
    found = re.search(rf'id="id_{field}_error">([^<]+)<', answer.content.decode())
    return html.unescape(found[1]) if found else ""


@pytest.fixture(scope="module")
def supervisor(world):
    """(user's number, secret as the page showed it)."""
    content = make(world, "jianguan", "SUPERVISOR").content.decode()
    return int(re.search(r'href="/users/(\d+)/"', content)[1]), re.search(r"<code>([A-Z2-7]{32})</code>", content)[1]


def test_a_supervisor_gets_a_second_factor_once_and_waits_for_a_post(world, supervisor):
    from hpf.access import queries

    user_id, secret = supervisor
    view = queries.user(user_id)
    assert (view.audience, view.second_factor, view.appointments) == ("SUPERVISOR", True, ())
    page = world.browser("system").get(f"/users/{user_id}/").content.decode()
    assert secret not in page and "监管人员" in page and "停用</button>" not in page
    listed = world.browser("security").get("/users/").content.decode()
    row = re.search(r"<tr>(?:(?!</tr>).)*jianguan.*?</tr>", listed, re.DOTALL)[0]
    assert "尚未任用" in row and f'href="{user_id}/"' in row


def test_only_the_security_administrator_appoints_and_only_to_posts_of_the_kind(world, supervisor):
    user_id, _ = supervisor
    address = f"/users/{user_id}/appoint/"
    assert "任用</button>" not in world.browser("system").get(f"/users/{user_id}/").content.decode()
    for login in ("system", "clerk", "auditor"):
        assert world.browser(login).post(address, {"role": "SUPERVISOR", "key": f"no-{login}"}).status_code == 403
    security = world.browser("security")
    page = security.get(f"/users/{user_id}/").content.decode()
    assert re.findall(r'<option value="(\w+)"', page) == ["PLAN_OFFICE", "SUPERVISOR"]
    for role in ("CHECKER", "EMPLOYER_OPERATOR", "", "NOBODY"):
        refused = security.post(address, {"role": role, "key": f"role-{role}"})
        assert refused.status_code == 200 and fault(refused, "role")


def test_an_appointed_supervisor_signs_in_with_the_code_and_sees_the_province(world, supervisor):
    from datetime import UTC, datetime

    from django.test import Client

    from hpf.access import queries
    from hpf.access.services import totp_now

    user_id, secret = supervisor
    done = world.browser("security").post(f"/users/{user_id}/appoint/", {"role": "SUPERVISOR", "key": "post"}, follow=True).content.decode()
    assert "已任用" in done
    browser = Client()
    first = browser.post("/sign-in/?as=staff", {"login": "jianguan", "password": PASSWORD.replace("Lanzhou", "Gansu")})
    assert first["Location"] == "/sign-in/code/"
    assert browser.get("/supervisor/").status_code == 302
    wrong = browser.post("/sign-in/code/", {"code": "000000"})
    assert wrong.status_code == 200 and "动态口令不正确" in wrong.content.decode()
    arrived = browser.post("/sign-in/code/", {"code": totp_now(secret, datetime.now(UTC))}, follow=True)
    assert arrived.request["PATH_INFO"] == "/supervisor/" and "全省总览" in arrived.content.decode()
    assert browser.get("/counter/").status_code == 403 and browser.get("/users/").status_code == 403
    with world.centre.scope():
        lines, _ = queries.audit(LANZHOU, kind="APPOINT")
    assert lines[0].subject == "王监管任省级监管"


def test_what_is_wrong_is_said_beside_its_field_and_nobody_is_made(world):
    from hpf.access import queries

    assert "已被" in fault(make(world, "clerk", "SUPERVISOR"), "login")
    weak = make(world, "weak", "SUPERVISOR", password="short")
    assert "少于10位" in fault(weak, "password")
    assert fault(make(world, "1x", "STAFF"), "login") == "登录名须以字母开头，3至32位字母、数字、横线。"
    assert fault(make(world, "member", "MEMBER"), "audience")
    assert [queries.user_id_of(login) for login in ("weak", "1x", "member")] == [None, None, None]
    assert world.browser("security").post("/users/new/", {"login": "x"}).status_code == 403


def test_an_operator_is_appointed_for_one_unit_and_sees_that_unit(world):
    made = make(world, "jingban", "EMPLOYER").content.decode()
    assert "动态口令" not in made
    user_id = int(re.search(r'href="/users/(\d+)/"', made)[1])
    security, address = world.browser("security"), f"/users/{user_id}/appoint/"
    wrong = security.post(address, {"role": "EMPLOYER_OPERATOR", "employer_account_no": "010000000000", "key": "op1"})
    assert "本中心没有这个单位账号" in fault(wrong, "employer_account_no")
    security.post(address, {"role": "EMPLOYER_OPERATOR", "employer_account_no": world.works, "key": "op2"})
    assert "甘肃陇原机械有限责任公司" in world.browser("jingban").get("/unit/").content.decode()


def test_a_post_held_elsewhere_is_not_listed_and_not_dismissed_here(world, supervisor):
    from datetime import UTC, datetime

    from hpf.access import queries
    from hpf.access.services import register_users
    from hpf.access.services.appointments import NewUser
    from hpf.kernel.actor import Actor
    from tests.integration.web.conftest import SECRET

    other = (NewUser("elsewhere", "外地柜员", "STAFF", "COUNTER_CLERK", second_factor_secret=SECRET),)
    register_users(by=Actor.system(2), centre_id=2, users=other, password=PASSWORD, at=datetime.now(UTC), key="elsewhere")
    user_id = queries.user_id_of("elsewhere")
    security = world.browser("security")
    assert "外地柜员" not in security.get("/users/").content.decode()
    assert security.get(f"/users/{user_id}/").status_code == 404
    assert security.post(f"/users/{user_id}/dismiss/", {"role": "COUNTER_CLERK", "key": "d"}).status_code == 404
    said = security.post(f"/users/{supervisor[0]}/dismiss/", {"role": "CHECKER", "key": "d2"}, follow=True).content.decode()
    assert "岗位没有变化" in said


# -- a lost authenticator, a forgotten password: each administrator holds one half


@pytest.fixture(scope="module")
def forgetful(world):
    """(user's number, first secret) of a clerk of this centre."""
    content = make(world, "wangji", "STAFF").content.decode()
    user_id = int(re.search(r'href="/users/(\d+)/"', content)[1])
    world.browser("security").post(f"/users/{user_id}/appoint/", {"role": "COUNTER_CLERK", "key": "appoint-wangji"})
    return user_id, re.search(r"<code>([A-Z2-7]{32})</code>", content)[1]


def entered(world, password, secret):
    """Whether password and second factor lead inside."""
    import pyotp
    from django.test import Client

    browser = Client()
    browser.post("/sign-in/?as=staff", {"login": "wangji", "password": password})
    browser.post("/sign-in/code/", {"code": pyotp.TOTP(secret).now()})
    return browser.get("/counter/").status_code == 200


def test_a_new_second_factor_comes_from_the_system_administrator_and_the_old_one_ends(world, forgetful):
    user_id, old = forgetful
    address = f"/users/{user_id}/factor/"
    assert world.browser("security").post(address, {"key": "factor-no"}).status_code == 403
    made = world.browser("system").post(address, {"key": "factor-1"})
    new = re.search(r"<code>([A-Z2-7]{32})</code>", made.content.decode())[1]
    password = PASSWORD.replace("Lanzhou", "Gansu")
    assert new != old and not entered(world, password, old) and entered(world, password, new)
    assert "为王监管重新绑定动态口令" in world.browser("auditor").get("/audit/").content.decode()


def test_a_new_password_comes_from_the_security_administrator_and_ends_every_session(world, forgetful):
    user_id, _ = forgetful
    address = f"/users/{user_id}/password/"
    assert world.browser("system").get(address).status_code == 403
    security = world.browser("security")
    assert fault(security.post(address, {"password": "short", "key": "pw-0"}), "password").startswith("密码")
    secret = re.search(
        r"<code>([A-Z2-7]{32})</code>", world.browser("system").post(f"/users/{user_id}/factor/", {"key": "factor-2"}).content.decode()
    )[1]
    assert security.post(address, {"password": "Renewed-2026-Word", "key": "pw-1"}).status_code == 302
    assert not entered(world, PASSWORD.replace("Lanzhou", "Gansu"), secret)
    assert entered(world, "Renewed-2026-Word", secret)


def test_nobody_recovers_oneself_and_no_password_is_in_the_log_of_commands(world, forgetful):
    from hpf.access import services
    from hpf.kernel.actor import Actor

    user_id, _ = forgetful
    by = Actor(str(user_id), "王监管", frozenset({LANZHOU}), frozenset({"*"}), "COUNTER")
    given = {"by": by, "centre_id": LANZHOU, "user_id": user_id, "at": __import__("datetime").datetime.now(__import__("datetime").UTC)}
    said = services.reset_password(**given, password="Renewed-2026-Own", key="own-1")
    assert [reason.code for reason in said.reasons] == ["OWN_RECOVERY"] and "其他安全管理员" in said.reasons[0].message
    again = services.reset_password(**given, password="Another-2026-Own", key="own-1")
    assert again == said, "the password is no part of what a key stands for, so no digest of it is kept"
