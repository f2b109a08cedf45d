"""Signing in by the pages, staying in, being sent away."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.web.conftest import LANZHOU, PASSWORD, SECRET


def test_staff_need_their_code_before_any_page(world):
    from django.test import Client
    from django.utils import timezone

    from hpf.access.services import totp_now

    browser = Client()
    first = browser.post("/sign-in/?as=staff", {"login": "clerk", "password": PASSWORD})
    assert (first.status_code, first["Location"]) == (302, "/sign-in/code/")
    assert browser.get("/counter/")["Location"].startswith("/sign-in/")
    wrong = browser.post("/sign-in/code/", {"code": "000000"})
    assert "动态口令不正确或已使用过" in wrong.content.decode()
    right = browser.post("/sign-in/code/", {"code": totp_now(SECRET, timezone.now())})
    assert right["Location"] == "/"
    assert browser.get("/counter/").status_code == 200


def test_a_supervisor_of_many_centres_is_not_asked_which(world):
    from datetime import UTC, datetime

    from django.test import Client
    from django.utils import timezone

    from hpf.access import services
    from hpf.access.services.appointments import NewUser
    from hpf.kernel.actor import Actor

    everywhere = (NewUser("province2", "省级监管", "SUPERVISOR", "SUPERVISOR", second_factor_secret=SECRET),)
    for centre_id in (LANZHOU, 2):
        services.register_users(
            by=Actor.system(centre_id), centre_id=centre_id, users=everywhere, password=PASSWORD, at=datetime.now(UTC), key="many"
        )
    browser = Client()
    browser.post("/sign-in/?as=staff", {"login": "province2", "password": PASSWORD})
    answer = browser.post("/sign-in/code/", {"code": services.totp_now(SECRET, timezone.now())}, follow=True)
    assert answer.redirect_chain[-1][0] == "/supervisor/"


def test_a_member_signs_in_by_id_number_and_lands_on_the_balance(world):
    from django.test import Client

    browser = Client()
    answer = browser.post("/sign-in/?as=member", {"login": world.zhang_number, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/me/"
    assert "1,200.00" in answer.content.decode()


def test_after_sign_in_the_page_asked_for_and_never_another_site(world):
    from django.test import Client

    browser = Client()
    asked = browser.get("/me/entries/")
    assert asked["Location"] == "/sign-in/?next=/me/entries/"
    assert (
        Client().post(asked["Location"] + "&as=member", {"login": world.zhang_number, "password": PASSWORD})["Location"] == "/me/entries/"
    )
    elsewhere = Client().post("/sign-in/?as=member&next=https://example.org/", {"login": world.zhang_number, "password": PASSWORD})
    assert elsewhere["Location"] == "/"


def test_signing_out_ends_the_session(world):
    browser = world.browser("clerk")
    assert browser.get("/counter/").status_code == 200
    browser.post("/sign-out/")
    assert browser.get("/counter/").status_code == 302


def test_an_idle_session_ends(world):
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    browser = world.browser("clerk")
    session = SessionStore(session_key=browser.cookies["sessionid"].value)
    session["seen_at"] = (timezone.localtime() - timedelta(minutes=31)).isoformat()
    session.save()
    assert browser.get("/counter/").status_code == 302


def test_a_session_past_its_day_is_no_session(world):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    browser = world.browser("clerk")
    assert browser.get("/counter/").status_code == 200
    assert Session.objects.filter(pk=browser.cookies["sessionid"].value).update(expire_date=timezone.now()) == 1
    assert browser.get("/counter/")["Location"] == "/sign-in/?next=/counter/"


def test_a_page_of_another_audience_is_refused_in_chinese_and_noted(world):
    from hpf.access import queries

    answer = world.browser("operator").get("/counter/")
    assert answer.status_code == 403
    assert "您的岗位不能使用此页面" in answer.content.decode()
    with world.centre.scope():
        lines, _ = queries.audit(LANZHOU, kind="REFUSED")
    assert (lines[0].subject, lines[0].purpose) == ("/counter/", "没有此页面的权限")


def test_errors_speak_chinese(world):
    from django.test import Client

    browser = world.browser("clerk")
    missing = browser.get("/counter/person/999999999999/")
    assert (missing.status_code, "此页面不存在，或其中的记录不属于您" in missing.content.decode()) == (404, True)
    strict = Client(enforce_csrf_checks=True)
    forged = strict.post("/sign-in/?as=member", {"login": "x", "password": "y"})
    assert (forged.status_code, "页面已过期" in forged.content.decode()) == (403, True)


def test_a_new_password_is_checked_and_ends_the_old_session(world):
    browser = world.browser("clerk2")
    weak = browser.post("/account/", {"old": PASSWORD, "new": "abc", "again": "abc"})
    assert "密码只有3位，少于10位，请加长。" in weak.content.decode()
    done = browser.post("/account/", {"old": PASSWORD, "new": "Tianshui#2026", "again": "Tianshui#2026"})
    assert done.status_code == 302
    assert browser.get("/counter/").status_code == 302
