"""The fund that the browser visits, made by the platform's own commands: `python -m tests.browser.fund BANK_URL`, on the
estate's database. Prints what the tests need to know as JSON.

大厂   10,000 people, two of them sealed: the unit of the long list
小厂   six people, with something on every page: booked months, a defective list, a deferral, a refund, a waiting check
灵活就业 three people beside the units, their agreements, a debit that failed, public money for them
others one small unit in each of the other centres, so that the supervisor has something to compare
工作要点 a plan of the year with its tasks in all centres; a section with its head and a clerk
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ON = date(2026, 8, 31)
AT = datetime(2026, 8, 31, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "Browser-2026-Longjin"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PEOPLE, SEALED = 10_000, (4_000, 8_000)
MEMBER = 2_025
SECTION = "归集管理科"
WP24 = Path(__file__).resolve().parents[2] / "demo" / "workplan" / "甘建金〔2024〕26号.md"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗", "建国伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂兰"
STAFF = {
    "clerk": "COUNTER_CLERK",
    "checker": "CHECKER",
    "accountant": "ACCOUNTANT",
    "director": "DIRECTOR",
    "sysadmin": "SYSTEM_ADMIN",
    "secadmin": "SECURITY_ADMIN",
    "auditor": "AUDIT_ADMIN",
    "section_head": "SECTION_HEAD",
    "court_officer": "COURT_OFFICER",
}
LABELS = {
    "clerk": "周柜员",
    "checker": "吴复核",
    "accountant": "郑会计",
    "director": "王主任",
    "sysadmin": "冯系统",
    "secadmin": "陈安全",
    "auditor": "褚审计",
    "section_head": "卫科长",
    "court_officer": "沈查控",
}


def name_of(number: int) -> str:
    return SURNAMES[number % 20] + GIVEN[number // 20 % len(GIVEN)] + GIVEN[number // 400 % len(GIVEN)]


def id_of(number: int) -> str:
    from tests.support.people import resident_id

    return resident_id(number % 1000, born=f"{1970 + number // 1000}0307")


def base_of(number: int) -> int:
    """Yuan: 4,000 to 9,900, so that 12 % is always whole yuan."""
    return 4000 + number % 60 * 100


def setup(bank_url: str) -> dict[str, Any]:
    from demo.bank.control import BankControl

    bank = BankControl(bank_url)
    first = _centre(1, bank)
    big = _big_unit(first, bank)
    small = _small_unit(first, bank)
    flexible = _flexible(first, bank)
    _papers(first, small)
    users = _users(first, big, small, flexible)
    plan = _work_plan(users)
    for centre_id in range(2, 17):
        _other_centre(centre_id, bank)
    return {
        "big": big,
        "small": small,
        "users": users,
        "work_plan": plan,
        "password": PASSWORD,
        "secret": SECRET,
        "fund_account": first.fund_account,
        "on": ON.isoformat(),
    }


def _centre(centre_id: int, bank: Any) -> Any:
    from hpf.parties import queries as parties
    from hpf.treasury.rules.numbers import unit_no
    from tests.support.contributions import Centre

    centre = Centre(centre_id, on=ON)
    with centre.scope():
        centre.district = next((branch.district for branch in parties.branches(centre_id)), centre.district)
    centre.begin()
    centre.fund_account = f"2701{centre_id:02d}00000001"
    bank.open_fund_account(centre.fund_account, "住房公积金管理中心", unit_no(centre_id), 0)
    return centre


def _payer(bank: Any, number: int, name: str) -> str:
    payer = f"6201000000{number:04d}"
    bank.set_account(payer, name, 10**13)
    return payer


def _unit(centre: Any, name: str, people: range, first_month: str) -> tuple[str, list[str]]:
    from hpf.accounts.services import NewMember, open_member_accounts
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month
    from hpf.parties.services import NewPerson
    from tests.support.people import fresh

    unit = centre.unit(name, rate="12", first_month=first_month)
    wanted = tuple(
        NewMember(NewPerson(name_of(n), "RESIDENT_ID", id_of(n), phone=f"139{n:08d}"), Money.yuan(f"{base_of(n)}.00"), ON - timedelta(days=60), first_month=Month.parse(first_month))
        for n in people
    )  # fmt: skip
    opened = open_member_accounts(
        by=centre.by, centre_id=centre.centre_id, employer_account_no=unit, members=wanted, on=ON, at=AT, key=fresh()
    )
    assert all(line.account_no for line in opened.lines), next(line.reasons for line in opened.lines if not line.account_no)
    return unit, [line.account_no for line in opened.lines]


def _pay(centre: Any, bank: Any, payer: str, unit: str, month: str) -> str:
    """A month of the whole roster, confirmed and paid; the platform hears of it from the bank. Gives the list's number."""
    from django.utils import timezone

    from hpf.jobs.tasks import hear_bank
    from hpf.kernel.period import Month

    confirmed = centre.confirmed(unit, Month.parse(month))
    bank.pay(payer, centre.fund_account, confirmed.expected.fen, summary=confirmed.reference)
    hear_bank(centre.centre_id, timezone.now())
    booked = centre.remittance(confirmed.remittance_no)
    assert str(booked.state) == "BOOKED", booked
    return str(confirmed.remittance_no)


def _big_unit(centre: Any, bank: Any) -> dict[str, Any]:
    from hpf.accounts import services
    from tests.support.people import fresh

    name = "兰州黄河机械厂"
    unit, members = _unit(centre, name, range(PEOPLE), "2026-08")
    for number in SEALED:
        decision = services.seal(
            by=centre.by, centre_id=1, account_no=members[number], reason="LEFT", left_on=ON - timedelta(days=5), on=ON, at=AT, key=fresh()
        )
        assert decision.value is not None, decision.reasons
    return {"name": name, "account_no": unit, "payer": _payer(bank, 1, name), "members": members}


def _small_unit(centre: Any, bank: Any) -> dict[str, Any]:
    """Something to look at on every page."""
    from django.utils import timezone

    from hpf.access.services import submit
    from hpf.contributions.rules.states import DeferralKind, OriginalKind
    from hpf.contributions.services import Payee, RefundedLine
    from hpf.jobs.tasks import hear_bank
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month
    from hpf.kernel.rate import Rate
    from tests.support.people import fresh

    name = "兰州白塔山茶厂"
    unit, members = _unit(centre, name, range(20_000, 20_006), "2026-06")
    payer = _payer(bank, 2, name)
    booked = [_pay(centre, bank, payer, unit, month) for month in ("2026-06", "2026-07")]
    centre.send(unit, centre.file(members, {2: {"缴存基数": "六千元"}, 4: {"单位月缴存额": "1.01"}}), Month.parse("2026-08"))
    kept = centre.call("keep_original", centre.employer, kind=OriginalKind.RESOLUTION, filename="决议.pdf", content=b"%PDF-1.4 made up")
    asked = centre.call(
        "apply_deferral", centre.employer, employer_account_no=unit, kind=DeferralKind.REDUCTION, since_month=Month.parse("2026-10"),
        until_month=Month.parse("2027-01"), employer_rate=Rate.of("8"), member_rate=Rate.of("8"), reason="停产检修", resolution_no="职代会〔2026〕3号", resolution_id=kept.original_id, business_on=ON,
    )  # fmt: skip
    assert asked.value is not None, asked.reasons
    refund = centre.call(
        "refund_mispayment", remittance_no=booked[0], lines=(RefundedLine(members[0], Month.parse("2026-06"), Money.yuan("100.00"), Money.yuan("100.00")),),
        reason="多报基数", payee=Payee(name, payer, "陇原银行"), business_on=ON,
    )  # fmt: skip
    assert refund.value is not None, refund.reasons
    urged = centre.call("open_urging", employer_account_no=unit, business_on=ON)
    assert urged.value is not None, urged.reasons
    for number in (1, 2):
        submit(
            by=centre.maker, centre_id=1, action="contributions.reverse_booking", title="清册冲正", subject=f"清册{booked[number - 1]}",
            content={"remittance_no": booked[number - 1], "reason": "错月"}, shown=[["清册号", booked[number - 1]], ["原因", "错月"]], at=AT, key=fresh(),
        )  # fmt: skip
    bank.stranger(centre.fund_account, 123_456)
    bank.pay(payer, centre.fund_account, 5_000_00, summary="往来款")
    hear_bank(1, timezone.now())
    return {"name": name, "account_no": unit, "payer": payer, "members": members, "booked": booked}


def _flexible(centre: Any, bank: Any) -> dict[str, Any]:
    """Three flexible workers: one is debited, one has an empty card, one has not signed yet. Public money for them."""
    from django.utils import timezone

    from hpf.access.services import submit
    from hpf.accounts.services import NewMember, open_member_accounts
    from hpf.contributions.rules.states import Frequency
    from hpf.contributions.services import GrantLine
    from hpf.jobs.tasks import hear_bank
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month
    from hpf.kernel.rate import Rate
    from hpf.parties.services import NewPerson
    from hpf.treasury import queries as treasury
    from tests.support.people import fresh

    pool = centre.unit("兰州灵活就业归集专户", kind="FLEXIBLE", rate="10", first_month="2026-06")
    people = range(22_000, 22_003)
    wanted = tuple(
        NewMember(NewPerson(name_of(n), "RESIDENT_ID", id_of(n), phone=f"139{n:08d}"), Money.yuan("5708.00"), ON, first_month=Month.parse("2026-06"), rate=Rate.of("10"))
        for n in people
    )  # fmt: skip
    opened = open_member_accounts(by=centre.by, centre_id=1, employer_account_no=pool, members=wanted, on=ON, at=AT, key=fresh())
    members = [line.account_no for line in opened.lines]
    for n, account_no, fen in zip(people, members[:2], (10**8, 0), strict=False):
        card = f"6217001820{n:09d}"
        bank.set_card(card, name_of(n), fen)
        signed = centre.call(
            "sign_agreement", account_no=account_no, frequency=Frequency.MONTHLY, payer_name=name_of(n), card=card, bank_code="105100000017",
            first_month=Month.parse("2026-07"), signed_on=ON,
        )  # fmt: skip
        assert signed.value is not None, signed.reasons
    centre.call("collect", month=Month.parse("2026-07"), business_on=ON)
    hear_bank(1, timezone.now())
    program = centre.call(
        "open_subsidy_program", name="灵活就业人员缴存补贴", document_no="兰财社〔2026〕8号", business_on=ON
    ).value.program_no
    bank.pay(_payer(bank, 3, "兰州市财政局"), centre.fund_account, 100_000, summary="灵活就业缴存补贴资金")
    hear_bank(1, timezone.now())
    with centre.scope():
        receipt = next(each.receipt for each in treasury.suspense(1, ON) if each.receipt.payer_name == "兰州市财政局")
    centre.call("fund_subsidy", program_no=program, receipt_no=receipt.receipt_no, business_on=ON)
    line = GrantLine(members[0], Month.parse("2026-07"), Money.yuan("57.00"))
    granted = centre.call("grant_subsidy", program_no=program, lines=(line,), business_on=ON)
    assert granted.value is not None, granted.reasons
    content = {"program_no": program, "lines": [{"account_no": members[0], "month": "2026-08", "amount": "57.00"}]}
    submit(
        by=centre.maker, centre_id=1, action="contributions.grant_subsidy", title="补贴发放", subject=name_of(people[0]), content=content,
        shown=[["补贴项目", "灵活就业人员缴存补贴"], ["补贴金额", "57.00元"]], at=AT, key=fresh(),
    )  # fmt: skip
    bank.pay(_payer(bank, 3, "兰州市财政局"), centre.fund_account, 50_000, summary="第二笔补贴资金")
    hear_bank(1, timezone.now())
    return {"account_no": pool, "members": members, "program": program, "granted": granted.value.remittance_no}


def _papers(centre: Any, small: dict[str, Any]) -> None:
    """What courts have asked of one member: two freezes, one behind the other, a query, a refusal, a paper that waits for a second officer."""
    from hpf.freezes.rules.orders import Action
    from hpf.freezes.services import enter_order
    from tests.support.courts import OTHER, Desk
    from tests.support.people import fresh

    desk, account_no = Desk(centre.centre_id), small["members"][1]
    desk.on, desk.at = ON, AT
    desk.people[account_no] = (name_of(20_001), id_of(20_001))
    desk.send(account_no, Action.FREEZE, yuan="1000.00", ends_on=date(2026, 9, 15))
    desk.send(account_no, Action.WAIT, court=OTHER, whole=True)
    desk.send(account_no, Action.QUERY)
    desk.send(account_no, Action.DEDUCT, situation="PURCHASE")
    desk.send(account_no, Action.FREEZE_AND_DEDUCT, yuan="1.00", situation="RETIREMENT", court=OTHER)
    paper = desk.paper(account_no, Action.RELEASE)
    entered = enter_order(
        by=centre.somebody("另一查控人"), centre_id=centre.centre_id, paper=paper, documents=desk.documents(paper), key=fresh(), at=desk.at
    )
    assert entered.value is not None, entered.reasons


def _other_centre(centre_id: int, bank: Any) -> None:
    centre = _centre(centre_id, bank)
    name = f"第{centre_id}中学"
    people = range(21_000 + 100 * centre_id, 21_000 + 100 * centre_id + 2 + (centre_id * 7) % 11)
    unit, _ = _unit(centre, name, people, "2026-08")
    _pay(centre, bank, _payer(bank, 100 + centre_id, name), unit, "2026-08")


def _users(centre: Any, big: dict[str, Any], small: dict[str, Any], flexible: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Logins by what they are called in the tests: gate, login, name."""
    from hpf.access.queries import member_login
    from hpf.access.services import load_roles
    from hpf.access.services.appointments import NewUser, register_users
    from hpf.kernel.actor import Actor
    from hpf.parties import queries as parties
    from tests.support.people import fresh

    load_roles()
    found: dict[str, dict[str, str]] = {}
    new: list[Any] = []
    for who, unit in (("big", big), ("small", small)):
        view = centre.unit_view(unit["account_no"])
        new.append(NewUser(unit["account_no"], "孙经办", "EMPLOYER", "EMPLOYER_OPERATOR", employer_id=view.employer_id))
        found[f"employer_{who}"] = {"gate": "employer", "login": unit["account_no"]}
    for who, number, account_no in (
        ("member", MEMBER, big["members"][MEMBER]),
        ("member_small", 20_000, small["members"][0]),
        ("member_flexible", 22_000, flexible["members"][0]),
    ):
        new.append(NewUser(member_login(id_of(number)), name_of(number), "MEMBER", "MEMBER", person_id=centre.view(account_no).person_id))
        found[who] = {"gate": "member", "login": id_of(number)}
    for who, role in STAFF.items():
        new.append(NewUser(f"{who}-lz", LABELS[who], "STAFF", role, second_factor_secret=SECRET))
        found[who] = {"gate": "staff", "login": f"{who}-lz"}
    register_users(by=centre.by, centre_id=1, users=tuple(new), password=PASSWORD, at=AT, key=fresh())
    for view in parties.centres():
        one = (NewUser("supervisor", "韩监管", "SUPERVISOR", "SUPERVISOR", second_factor_secret=SECRET),)
        register_users(by=Actor.system(view.centre_id, "测试"), centre_id=view.centre_id, users=one, password=PASSWORD, at=AT, key=fresh())
    found["supervisor"] = {"gate": "staff", "login": "supervisor"}
    office = (NewUser("plan-office", "蒋台账", "SUPERVISOR", "PLAN_OFFICE", second_factor_secret=SECRET),)
    register_users(by=Actor.system(0, "测试"), centre_id=0, users=office, password=PASSWORD, at=AT, key=fresh())
    found["plan_office"] = {"gate": "staff", "login": "plan-office"}
    return found


def _work_plan(users: dict[str, dict[str, str]]) -> dict[str, Any]:
    """This year's plan, in the words of the one of 2024, and the section that the clerk works in."""
    from hpf.access.queries import user_id_of
    from hpf.kernel.actor import Actor
    from hpf.workplan import services
    from tests.support.people import fresh

    text = WP24.read_text(encoding="utf-8").replace("2023", "2025").replace("2024", "2026")
    loaded = services.load_plan(
        by=Actor.system(0, "测试"), centre_id=0, filename="2026年工作要点.md", content=text.encode(), year=2026, at=AT, key=fresh()
    )
    assert loaded.value is not None, loaded.reasons
    people = tuple(
        services.Member(str(user_id_of(users[who]["login"])), LABELS[who], is_head=who == "section_head")
        for who in ("section_head", "clerk")
    )
    seated = services.seat_section(by=Actor.system(1, "测试"), centre_id=1, section=SECTION, members=people, at=AT, key=fresh())
    assert seated.value is not None, seated.reasons
    return {"plan_id": loaded.value.plan_id, "section": SECTION}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(setup(sys.argv[1]), ensure_ascii=False))


if __name__ == "__main__":
    main()
