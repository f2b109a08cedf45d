"""第一天: a centre begins: its accounts at the bank, its units and members, and the balances they bring along."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from demo.bank.control import BankControl
from demo.life.cast import Cast, moment
from demo.province.people import Member
from demo.province.province import Centre
from hpf.access.queries import member_login, user_id_of
from hpf.access.services import appointments as access
from hpf.accounts import queries as account_queries
from hpf.accounts import services as accounts
from hpf.closing.services.opening import open_first_day
from hpf.closing.services.takeover import BroughtAlong, take_over_balances
from hpf.db.scope import centre_scope
from hpf.jobs.banking import bank_of
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.parties import services as parties
from hpf.treasury import services as treasury
from hpf.treasury.rules.numbers import unit_no

BANK_CODE, BANK_NAME = "629900000001", "陇原银行（模拟）"
PREDECESSOR = "62990000000000009"
BUYING_POWER_FEN = 10**14


@dataclass
class Home:
    """What the demo remembers of a centre: which account belongs to whom. Everything else is asked of the platform."""

    centre_id: int
    fund_account_no: str
    bank_account_id: int = 0
    employers: dict[int, str] = field(default_factory=dict)
    operators: dict[int, str] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    flexible_account_no: str = ""
    flexible_members: list[str] = field(default_factory=list)
    program_no: str = ""
    duplicates: list[tuple[str, str, str]] = field(default_factory=list)
    """(account kept, account to end, evidence) of people with two accounts here."""

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def remembered(cls, kept: dict[str, Any]) -> Home:
        """From what `plain` wrote to a JSON file, where numbers have become texts."""
        by_number = {name: {int(key): value for key, value in kept[name].items()} for name in ("employers", "operators", "members")}
        return cls(**{**kept, **by_number, "duplicates": [tuple(pair) for pair in kept["duplicates"]]})


def fund_account_no(centre_id: int) -> str:
    return f"62990{centre_id:02d}0000000101"


class NotAsPlanned(Exception):
    """The platform said no to something the demo takes for granted: the story and the rules have drifted apart."""


def agreed(decision):  # type: ignore[no-untyped-def]
    """The value of an approval; a refusal here is a mistake of the story."""
    if decision.value is None:
        raise NotAsPlanned("；".join(reason.message for reason in decision.reasons))
    return decision.value


def found(centre: Centre, cast: Cast, bank: BankControl, on: date, password: str) -> Home:
    """Everything of a centre's first day but its close."""
    home = Home(centre.centre_id, fund_account_no(centre.centre_id))
    open_first_day(
        by=cast.accountant, centre_id=centre.centre_id, business_on=on, at=moment(on, 8), key=f"demo:first-day:{centre.centre_id}"
    )
    _open_bank_accounts(centre, cast, bank, home, on)
    _register_units(centre, cast, bank, home, on)
    balances = _open_members(centre, cast, home, on)
    _bring_balances(cast, bank, home, balances, on)
    _register_users(centre, cast, home, password, on)
    return home


def _open_bank_accounts(centre: Centre, cast: Cast, bank: BankControl, home: Home, on: date) -> None:
    name = f"{centre.short_name}住房公积金管理中心"
    accounts_wanted = [(home.fund_account_no, 10101)]
    if centre.centre_id == 1:
        accounts_wanted.append((home.fund_account_no[:-3] + "201", 10201))
    for number, subject in accounts_wanted:
        bank.open_fund_account(number, name, unit_no(centre.centre_id), 0)
        opened = agreed(treasury.open_bank_account(
            by=cast.accountant, centre_id=centre.centre_id, account_no=number, name=name, bank_code=BANK_CODE, bank_name=BANK_NAME,
            subject=subject, on=on, key=f"demo:bank:{centre.centre_id}:{subject}",
        ))  # fmt: skip
        if subject == 10101:
            home.bank_account_id = opened.bank_account_id


def _register_units(centre: Centre, cast: Cast, bank: BankControl, home: Home, on: date) -> None:
    month, at = Month.of(on), moment(on)
    bank.set_accounts(
        [{"no": unit.bank_account_no, "name": unit.name, "kind": "PUBLIC", "balance_fen": BUYING_POWER_FEN} for unit in centre.employers]
    )
    for unit in centre.employers:
        key = f"demo:{centre.centre_id}:unit:{unit.index}"
        registered = agreed(parties.register_employer(
            by=cast.clerk, centre_id=centre.centre_id, on=on, key=key,
            employer=parties.NewEmployer(
                name=unit.name, uscc=unit.uscc, district=unit.district_code, established_on=unit.established_on, payday=unit.payday,
                economic_type=unit.economic_type, nature=unit.nature, industry=unit.industry, address=unit.address,
                operator_name=unit.operator_name, operator_phone=unit.operator_phone,
            ),
        ))  # fmt: skip
        opened = agreed(accounts.open_employer_account(
            by=cast.clerk, centre_id=centre.centre_id, employer_id=registered.employer_id, employer_rate=Rate.of(str(unit.employer_rate)),
            member_rate=Rate.of(str(unit.member_rate)), first_month=month, on=on, at=at, key=f"{key}:account",
        ))  # fmt: skip
        home.employers[unit.index] = opened.account_no
        home.operators[unit.index] = str(registered.employer_id)
    district, rate = centre.employers[0].district_code, str(int(centre.members.member_rate[centre.members.employer < 0][0]))
    own = parties.NewEmployer(
        name=f"{centre.short_name}灵活就业人员专户",
        uscc="",
        district=district,
        established_on=on,
        payday=15,
        economic_type="008",
        internal=True,
    )
    registered = agreed(parties.register_employer(
        by=cast.clerk, centre_id=centre.centre_id, on=on, key=f"demo:{centre.centre_id}:flexible", employer=own
    ))  # fmt: skip
    opened = agreed(accounts.open_employer_account(
        by=cast.clerk, centre_id=centre.centre_id, employer_id=registered.employer_id, employer_rate=Rate.of("0"), member_rate=Rate.of(rate),
        first_month=month, kind="FLEXIBLE", on=on, at=at, key=f"demo:{centre.centre_id}:flexible:account",
    ))  # fmt: skip
    home.flexible_account_no = opened.account_no


def new_person(member: Member) -> parties.NewPerson:
    return parties.NewPerson(
        name=member.name, id_kind=member.id_kind, id_number=member.id_number, phone=member.phone, bank_card=member.bank_card,
        bank_name=BANK_NAME, born_on=member.born_on, sex=member.sex,
    )  # fmt: skip


def _open_members(centre: Centre, cast: Cast, home: Home, on: date) -> dict[str, int]:
    """Open an account for everybody, seal those who left long ago; balances by account number."""
    people = centre.members
    rows = [people.one(row) for row in range(len(people))]
    first_of = {row.id_number: row for row in reversed(rows) if row.second != "FIFTEEN_DIGITS"}
    balances: dict[str, int] = {}
    for index, account_no in [*home.employers.items(), (-1, home.flexible_account_no)]:
        mine = [row for row in rows if row.employer == index and row.second in ("", "OTHER_CENTRE")]
        _open_list(centre.centre_id, cast, home, account_no, mine, on, balances)
    for row in rows:
        if row.second == "OLD_CARD":
            original = next(other for other in rows if other.second == "" and other.name == row.name and other.born_on == row.born_on)
            _open_list(centre.centre_id, cast, home, home.employers[row.employer], [row], on, balances, another=True)
            home.duplicates.append((home.members[original.row], home.members[row.row], "永久居留证换发记录，新旧证件为同一人"))
        elif row.second == "FIFTEEN_DIGITS":
            original = next(o for o in first_of.values() if o.id_number[:6] + o.id_number[8:17] == row.id_number)
            admitted = agreed(accounts.admit_duplicate(
                by=cast.clerk, centre_id=centre.centre_id, account_no=home.members[original.row], employer_account_no=home.employers[row.employer],
                opened_on=row.opened_on, on=on, at=moment(on), key=f"demo:{centre.centre_id}:duplicate:{row.row}",
            ))  # fmt: skip
            home.members[row.row] = admitted.account_no
            home.duplicates.append((home.members[original.row], admitted.account_no, ""))
            balances[admitted.account_no] = row.balance_fen
    for row in rows:
        if row.sealed_on is not None and row.second != "FIFTEEN_DIGITS":
            agreed(accounts.seal(
                by=cast.clerk, centre_id=centre.centre_id, account_no=home.members[row.row], reason="LEFT", left_on=on - timedelta(days=5), on=on,
                at=moment(on), key=f"demo:{centre.centre_id}:seal:{row.row}",
            ))  # fmt: skip
    return balances


def _open_list(centre_id, cast, home, account_no, mine, on, balances, another=False) -> None:  # type: ignore[no-untyped-def]
    if not mine:
        return
    wanted = tuple(
        accounts.NewMember(
            person=new_person(row), base=Money(row.wage_fen), hired_on=on - timedelta(days=10), first_month=Month.of(on),
            rate=Rate.of(str(row.member_rate)) if row.employer < 0 else None, another_person=another,
        )
        for row in mine
    )  # fmt: skip
    key = f"demo:{centre_id}:members:{account_no}:{mine[0].row}"
    opened = accounts.open_member_accounts(
        by=cast.clerk, centre_id=centre_id, employer_account_no=account_no, members=wanted, on=on, at=moment(on), key=key
    )
    for row, line in zip(mine, opened.lines, strict=True):
        if not line.account_no:
            raise NotAsPlanned(f"{row.name}：" + "；".join(reason.message for reason in line.reasons))
        home.members[row.row] = line.account_no
        balances[line.account_no] = row.balance_fen


def _bring_balances(cast: Cast, bank: BankControl, home: Home, balances: dict[str, int], on: date) -> None:
    """The predecessor pays the whole sum to the new account; it is given to the members by the hand-over list."""
    lines = tuple(BroughtAlong(account_no, Money(fen)) for account_no, fen in sorted(balances.items()) if fen > 0)
    total = sum(line.total.fen for line in lines)
    bank.pay(PREDECESSOR, home.fund_account_no, total, "期初移交", "原住房公积金业务系统移交专户")
    with bank_of(home.centre_id) as gateway:
        polled = treasury.poll(by=cast.system, centre_id=home.centre_id, bank=gateway, business_on=on)
    agreed(take_over_balances(
        by=cast.accountant, centre_id=home.centre_id, document_no=f"移交{home.centre_id:02d}", receipt_no=polled.receipt_nos[0], lines=lines,
        business_on=on, at=moment(on, 10), key=f"demo:{home.centre_id}:take-over",
    ))  # fmt: skip


def _register_users(centre: Centre, cast: Cast, home: Home, password: str, on: date) -> None:
    """Every unit's operator and every member can sign in: units by their account number, members by their document."""
    units = tuple(
        access.NewUser(
            home.employers[unit.index], unit.operator_name, "EMPLOYER", "EMPLOYER_OPERATOR", employer_id=int(home.operators[unit.index])
        )
        for unit in centre.employers
    )
    with centre_scope(centre.centre_id):
        views = account_queries.member_accounts_by_no(centre.centre_id, list(home.members.values()))
    people = []
    for row, account_no in home.members.items():
        member = centre.members.one(row)
        if member.second == "":
            people.append(
                access.NewUser(member_login(member.id_number), member.name, "MEMBER", "MEMBER", person_id=views[account_no].person_id)
            )
    access.register_users(
        by=cast.system,
        centre_id=centre.centre_id,
        users=(*units, *people),
        password=password,
        at=datetime.now(UTC),
        key=f"demo:users:{centre.centre_id}",
    )
    for unit in centre.employers:
        home.operators[unit.index] = str(user_id_of(home.employers[unit.index]))
