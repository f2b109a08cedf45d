"""提取的人: who there is in the demo's province, and whom each ground fits, as the departments know it.

Who fits is asked of the same registry that the departments answer from: tenants have a lease on file, borrowers a loan, who
retires is of the age. What comes to pass only in the story (a home bought, a pension granted, a permit) is part of the fit,
and told to the departments on its day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from demo.departments.answers import Answers
from demo.departments.people import SEED, rows_of_province
from demo.departments.registry import Registry
from demo.province import numbers
from demo.province.employers import Employer
from demo.province.people import Member
from demo.province.province import Province
from hpf.kernel.period import Month

COURTS_WANT = 5
NEW_REGULATION = date(2026, 9, 20)

Said = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """What somebody who fits may ask for and states, what the departments are told of her, and how her unit ends it."""

    said: Said = ()
    facts: Said = ()
    home: dict[str, Any] | None = None
    most_fen: int | None = None
    sealed_as: str = ""
    spouse: str = ""
    """Who must consent as well, by reference."""
    heirs: tuple[tuple[str, str], ...] = ()
    """Name and resident number of each, in equal shares; the first one comes to the counter."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member of a centre with what is needed to see whether she fits."""

    centre_id: int
    member: Member
    ref: str
    place: str
    unit: Employer
    place_in_line: float
    """Her turn: the first of every centre come before the second ones, large centres more often."""

    @property
    def month_fen(self) -> int:
        return self.member.employer_month_fen + self.member.member_month_fen

    def about(self, on: date) -> int:
        """What will lie on the account by the day, nearly."""
        months = 0 if self.member.sealed_on else max(0, (on.year - 2025) * 12 + on.month - 9)
        return self.member.balance_fen + months * self.month_fen * 9 // 10


@dataclass
class Town:
    """The departments' registry over the demo's people, asked without a wire."""

    registry: Registry
    answers: Answers
    people: list[Somebody]
    taken: set[str] = field(default_factory=set)
    ended: list[int] = field(default_factory=list)
    """What lies on the accounts that are taken whole."""

    @classmethod
    def of(cls, seed: int, scale: float, key: bytes) -> Town:
        registry = Registry(key, SEED)
        registry.settle(rows_of_province(seed, scale))
        people = [one for centre in Province(seed, scale) for one in _of_centre(centre, registry)]
        return cls(registry, Answers(registry), sorted(people, key=lambda one: (one.place_in_line, one.centre_id)))

    def ask(self, department: str, service: str, one: Somebody, on: date, **terms: str) -> dict[str, Any]:
        found = self.answers.answer(department, service, one.ref, {"place": one.place, **terms}, on)
        assert found is not None
        return found


def _of_centre(centre: Any, registry: Registry) -> Iterator[Somebody]:
    """Who has no other part in the story: neither the first of a unit nor those whom the courts want, nor a second account."""
    members = list(map(centre.members.one, range(len(centre.members))))
    apart = {centre.first_rows[unit.index] for unit in centre.employers}
    first = [m.row for m in members if m.employer == 0 and m.id_kind == "RESIDENT_ID" and m.sealed_on is None]
    apart |= set(first[-COURTS_WANT:])
    doubled = {m.id_number for m in members if m.second == "FIFTEEN_DIGITS"}
    turn = 0
    for member in members:
        short = member.id_number[:6] + member.id_number[8:17]
        if member.second or member.id_kind != "RESIDENT_ID" or member.row in apart or member.employer < 0 or short in doubled:
            continue
        turn += 1
        unit = centre.employers[member.employer]
        ref = registry.reference(member.id_kind, member.id_number)
        yield Somebody(centre.centre_id, member, ref, unit.district_code, unit, turn / len(members))


def _works(one: Somebody) -> bool:
    return one.member.sealed_on is None


def _pays_every_month(one: Somebody) -> bool:
    return _works(one) and one.unit.habit not in ("ARREARS", "DEFERRAL")


def tenant(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """A lease on file, which begins in July; until 2026-09-19 a rent above the share of the household's wage. A spouse consents."""
    lease = town.ask("HOUSING", "rental_filing", one, on)
    if not _pays_every_month(one) or not lease["rental_filed"] or lease["rental_kind"] != "MARKET":
        return None
    rent, since = int(lease["rent_month_fen"]), Month.of(date.fromisoformat(lease["rent_since"]))
    first, count = max(since, Month.of(on) + -11), -(-mean // rent)
    months = list(first.through(Month.of(on)))[-count:]
    if rent * len(months) < mean // 2 or (on < NEW_REGULATION and rent <= _household_wage(town, one, on) // 10):
        return None
    said = (("asked_months", [str(month) for month in months]),)
    return Fit(said=said, most_fen=rent * len(months), spouse=town.registry.spouse(one.ref) or "")


def _is_alone(town: Town, one: Somebody, on: date) -> bool:
    return _without_home(town, one, on) and town.registry.spouse(one.ref) is None


def _household_wage(town: Town, one: Somebody, on: date) -> int:
    refs = [one.ref, town.registry.spouse(one.ref)]
    wages = [town.answers.answer("HR", "employment", ref, {}, on) for ref in refs if ref]
    return sum(int(wage["wage_month_fen"] or 0) for wage in wages if wage)


def monthly_tenant(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """A lease that still runs, of a rent that four months of it make what a tenant takes."""
    lease = town.ask("HOUSING", "rental_filing", one, on)
    rent = int(lease["rent_month_fen"] or 0)
    if not _pays_every_month(one) or lease["rental_kind"] != "MARKET" or rent < mean // 4 or rent <= _household_wage(town, one, on) // 10:
        return None
    return Fit(most_fen=mean, spouse=town.registry.spouse(one.ref) or "")


def owner(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """Somebody with a home of her own here, who therefore rents nothing that counts."""
    owns = town.ask("TITLES", "homes_of_person_in_place", one, on)["homes_in_place"]
    return Fit(said=(("rental_kind", "MARKET"),)) if _pays_every_month(one) and owns else None


def _without_home(town: Town, one: Somebody, on: date) -> bool:
    return _works(one) and not town.answers.homes.of(one.ref, date(2027, 1, 1))


def single(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """Who lives alone and owns nothing; the lease is on paper only."""
    return Fit(said=(("rental_kind", "MARKET"),)) if _is_alone(town, one, on) and _pays_every_month(one) else None


def buyer(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """Who had no home buys one, with a loan; the contract is a month old."""
    if not _without_home(town, one, on):
        return None
    home = _home(town, one, on - timedelta(days=38), None)
    return Fit(said=(("house_no", home["house_no"]),), home=home)


def _home(town: Town, one: Somebody, signed_on: date, titled_on: date | None) -> dict[str, Any]:
    draw = town.registry.chance("bought", one.ref)
    price = 42_000_000 + draw % 60 * 1_000_000
    return {
        "owner": one.ref, "house_no": f"FW{int(one.ref[1:], 16) % 10**13:013d}81", "place": one.place, "signed_on": signed_on.isoformat(),
        "titled_on": titled_on.isoformat() if titled_on else None, "price_fen": price, "down_fen": price // 10 * 3, "loan_kind": "COMMERCIAL",
    }  # fmt: skip


def borrower(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """A commercial loan of the household, a year of which is worth asking for."""
    if not _works(one):
        return None
    repaid = town.ask("CREDIT", "repayment", one, on)
    if not repaid["loan_no"] or int(repaid["repaid_since_fen"]) < mean // 2 or not repaid["loan_balance_fen"]:
        return None
    return Fit(said=(("repayment_use", "REPAID"),), most_fen=int(repaid["repaid_since_fen"]))


def monthly_borrower(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """A commercial loan that goes on, whose instalments the account pays to the lender."""
    loan = town.ask("CREDIT", "loan", one, on)
    return Fit() if _works(one) and int(loan["next_due_fen"] or 0) >= mean // 15 else None


def borrower_since_2019(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """Who is not in the registry's own homes bought in 2019: the file of the departments is no older than the demo."""
    if not _without_home(town, one, on):
        return None
    home = {**_home(town, one, date(2019, 6, 20), date(2021, 3, 9)), "price_fen": 96_000_000, "down_fen": 28_800_000}
    return Fit(said=(("repayment_use", "REPAID"),), home=home)


def builder(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """An own home, titled, and from this year a permit to rebuild or an appraisal that says overhaul."""
    if not _works(one) or town.ask("TITLES", "title", one, on)["title_no"] is None:
        return None
    number, day = f"许字{on:%Y}第{one.member.row + 100:04d}号", on - timedelta(days=60)
    return Fit(said=(("cost_fen", "68000.00"),), facts=(("permit_no", number), ("permitted_on", day.isoformat())))


def with_lift(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    project = town.ask("HOUSING", "lift_project", one, on)
    if not _works(one) or not project["project_no"]:
        return None
    most = min(int(project["lift_share_fen"]), 30_000_00)
    return Fit(said=(("house_no", project["house_no"]),), most_fen=most, spouse=town.registry.spouse(one.ref) or "")


def with_invoice(kind: str) -> Callable[[Town, Somebody, date, int], Fit | None]:
    def fits(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
        invoice, title = town.ask("TAX", "invoice", one, on), town.ask("TITLES", "title", one, on)
        if not _works(one) or invoice["invoice_kind"] != kind or title["title_no"] is None:
            return None
        most = 5_000_00 if one.centre_id in (1, 16) else 3_000_00
        return Fit(most_fen=min(int(invoice["cost_fen"]), most) if kind == "PROPERTY_FEE" else int(invoice["cost_fen"]))

    return fits


def without_fund_loan(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    return Fit() if _works(one) and town.ask("NATIONAL", "loans", one, on)["loan_no"] is None else None


def ill(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    cost = town.ask("MEDICAL", "illness_cost", one, on)
    return Fit(most_fen=int(cost["illness_self_paid_fen"])) if _works(one) and cost["illness_listed"] else None


def poor(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    return Fit() if _works(one) and town.ask("CIVIL", "minimum_income", one, on)["minimum_income"] else None


def not_poor(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    return Fit() if _works(one) and not town.ask("CIVIL", "minimum_income", one, on)["minimum_income"] else None


def anybody(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    return Fit() if _works(one) else None


def _ends_with_the_month(one: Somebody) -> bool:
    """Her unit has paid the month by its end, so that nothing comes in for an account that is closed."""
    return _works(one) and (one.unit.habit in ("PROMPT", "PREPAYING") or (one.unit.habit in ("LATE", "SHORT") and one.unit.payday <= 15))


def _age(one: Somebody, on: date) -> float:
    return (on - one.member.born_on).days / 365.25


def pensioner(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """A woman past the age of workers, at the age of the table; a man of fifty-six or more, early. The insurance has granted it."""
    own = one.member
    if not _ends_with_the_month(one) or not ((own.sex == "F" and _age(one, on) >= 51.5) or (own.sex == "M" and _age(one, on) >= 56)):
        return None
    day = on.replace(day=1).isoformat()
    facts = (
        ("retired_on", day),
        ("retirement_kind", "NORMAL" if own.sex == "F" else "EARLY"),
        ("pension_drawing", True),
        ("insured_now", False),
    )
    return Fit(facts=facts, sealed_as="RETIRED")


def far_from_pension(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    return Fit() if _works(one) and _age(one, on) < 45 else None


def disabled(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    day = on - timedelta(days=2)
    facts = (("disability_total", True), ("employment_ended_on", day.isoformat()), ("insured_now", False), ("wage_month_fen", 0))
    return Fit(facts=facts, sealed_as="LEFT") if _ends_with_the_month(one) and _age(one, on) > 35 else None


def emigrant(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    day = on - timedelta(days=9)
    facts = (("emigrated_on", day.isoformat()), ("employment_ended_on", day.isoformat()), ("insured_now", False))
    return Fit(facts=facts, sealed_as="LEFT") if _ends_with_the_month(one) and _age(one, on) < 45 else None


def deceased(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """One of a couple of members; widow or widower and a grown child inherit by the notary's paper."""
    other = next((each for each in town.people if each.ref == town.registry.spouse(one.ref)), None)
    if not _ends_with_the_month(one) or other is None or other.ref in town.taken or _age(one, on) < 42:
        return None
    born = one.member.born_on.replace(day=12, year=one.member.born_on.year + 25)
    child = numbers.resident_ids(
        np.array([int(one.member.id_number[:6])]), np.array([born], dtype="datetime64[D]"), np.array([998 + (one.member.sex == "M")])
    )  # fmt: skip
    facts = (("died_on", (on - timedelta(days=24)).isoformat()),)
    father = one.member if one.member.sex == "M" else other.member
    heirs = ((other.member.name, other.member.id_number), (f"{father.name[0]}念", child[0].decode()))
    return Fit(facts=facts, sealed_as="OTHER", heirs=heirs)


def subscriber(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """Who had no home has put down her name for a flat that is not built; the contract is to follow."""
    if not _without_home(town, one, on):
        return None
    home = _home(town, one, on, None)
    house, price = home["house_no"], home["price_fen"]
    facts = (
        ("contract_no", f"RG{house[2:]}"), ("house_no", house), ("contract_signed_on", None), ("price_fen", price),
        ("down_payment_fen", home["down_fen"]), ("buyers", one.ref), ("is_presale", True), ("deal_state", "SUBSCRIBED"),
        ("supervised_account", f"1048{house[-12:]}"), ("supervised_name", "甘肃陇安置业有限公司预售资金监管专户"), ("supervised_bank", "104821000019"),
        ("place_linked", True),
    )  # fmt: skip
    return Fit(said=(("contract_no", f"RG{house[2:]}"),), facts=facts, most_fen=home["down_fen"])


def left(town: Town, one: Somebody, on: date, mean: int) -> Fit | None:
    """Sealed since the first day, not employed again, no account elsewhere."""
    if (
        _works(one)
        or town.ask("HR", "social_insurance", one, on)["insured_now"]
        or town.ask("NATIONAL", "accounts", one, on)["elsewhere_account"]
    ):
        return None
    return Fit()
