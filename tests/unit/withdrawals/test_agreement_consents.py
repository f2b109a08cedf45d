"""约定提取的授权: which consents let an agreement go on, to the moment and to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hpf.sharing.rules import Consent
from hpf.withdrawals.rules.instalments import WITHOUT_CONSENT, Need, check_consents

AT = datetime(2026, 10, 15, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
LAST = date(2026, 12, 15)
HER = "R" + "1" * 32
HOMES = "TITLES.homes_of_person_in_place"
GIVEN = Consent("SQ01", HER, "", (HOMES,), "办理住房公积金提取", "", AT - timedelta(days=30), AT + timedelta(days=330))


def against(consent: Consent | None, *, number: str = "SQ01", at: datetime = AT, until: date | None = None) -> list[str]:
    need = Need("配偶", HER, (HOMES,), ("配偶在当地的住房套数",), number, consent)
    found = check_consents([need], purpose="办理住房公积金提取", agreement_no="YD01", at=at, until=until)
    assert all(reason.message.startswith(("配偶的授权SQ01", "约定提取每期都要核查配偶的")) and reason.law for reason in found)
    return [reason.code for reason in found]


@pytest.mark.parametrize(
    ("consent", "code"),
    [
        (replace(GIVEN, withdrawn_at=AT), "CONSENT_WITHDRAWN"),
        (replace(GIVEN, ends_at=AT), "CONSENT_ENDED"),
        (replace(GIVEN, subject="R" + "2" * 32), "CONSENT_OF_ANOTHER"),
        (replace(GIVEN, scope=("HR.employment",)), "CONSENT_TOO_NARROW"),
        (replace(GIVEN, case_no="YD02"), "CONSENT_FOR_OTHER_PURPOSE"),
        (None, "AGREEMENT_CONSENT_MISSING"),
    ],
)
def test_what_stops_an_agreement(consent: Consent | None, code: str) -> None:
    assert against(GIVEN) == []
    assert against(consent) == [code]
    assert code in WITHOUT_CONSENT


def test_taken_back_a_moment_later_it_still_holds_for_this_one() -> None:
    assert against(replace(GIVEN, withdrawn_at=AT + timedelta(seconds=1), ends_at=AT + timedelta(seconds=1))) == []


def test_at_the_signing_it_lasts_through_the_day_of_the_last_instalment() -> None:
    midnight = datetime(2026, 12, 16, tzinfo=AT.tzinfo)
    assert against(replace(GIVEN, ends_at=midnight), until=LAST) == []
    assert against(replace(GIVEN, ends_at=midnight - timedelta(seconds=1)), until=LAST) == ["AGREEMENT_CONSENT_SHORT"]
    assert against(replace(GIVEN, ends_at=midnight - timedelta(seconds=1))) == []


def test_nothing_asked_needs_nothing() -> None:
    assert check_consents([], purpose="", agreement_no="YD01", at=AT) == ()
