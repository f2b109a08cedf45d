"""提取: what the applicants of the plan do, and what each gets: the money, a no with its article, or a person to look at it.

The departments are a process of their own; they are told what came to pass in the year, and asked over the wire. The
stories: PAID; REFUSED and UNPROVED (a no); SILENT (nobody may be asked, so it waits for a person); CLEARED and REVIEWED
(one finds out what nobody could tell, another passes it); OVERRULED (a no that two people set aside); BOUNCED (the bank
gives it back, it is paid anew); AGREED (month by month); ESTATE (heirs apply); SIGNED and FAILED (a down payment whose deal becomes final, and one
that comes back).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings

from demo.bank.control import BankControl
from demo.departments.control import DepartmentsControl
from demo.life.cast import Cast, moment
from demo.life.employers import Unit
from demo.life.events import Office
from demo.life.founding import NotAsPlanned, agreed
from demo.life.withdrawal_plan import Wanted, plan
from hpf.access.queries import member_login, user_id_of
from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.db.scope import centre_scope
from hpf.jobs.agreements import pay_agreed
from hpf.kernel.actor import EVERY_PERMISSION, Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.sharing import services as sharing
from hpf.withdrawals import services
from hpf.withdrawals.queries.facts import PURPOSE
from hpf.withdrawals.rules.states import State

Act = Callable[[date], None]
COMES_TO = {"REFUSED": State.REFUSED, "UNPROVED": State.REFUSED, "OVERRULED": State.REFUSED, "SILENT": State.REFERRED,
            "CLEARED": State.REFERRED, "REVIEWED": State.REFERRED}  # fmt: skip
"""What the rule says at first, where it is not the money."""
CLEARED_UP = {
    "CLEARED": (
        (("homes_in_place", 0), ("marital_state", "SINGLE"), ("rental_kind", "MARKET"), ("rental_filed", False)),
        "租赁合同、无房证明和户口簿原件",
    ),
    "REVIEWED": ((("patient", "SELF"),), "住院病案首页"),
}
AGREED_DAY, LAST_AGREED = 20, Month(2026, 11)
ABOUT_SPOUSE = ("TITLES.homes_of_person_in_place", "HR.employment", "CIVIL.children")
OVERRULED_WHY = "名下住房经鉴定为危房、已停止居住，街道出具证明，同意提取租金"


@dataclass
class Applicants:
    """One centre's applicants. Without departments nobody applies."""

    cast: Cast
    units: list[Unit]
    office: Office
    bank: BankControl
    later: Callable[[date, int], date]
    seed: int
    scale: float
    numbers: dict[int, str] = field(default_factory=dict)
    """Application by the row of who applied."""
    claims: dict[int, str] = field(default_factory=dict)

    @property
    def centre_id(self) -> int:
        return self.cast.centre_id

    def acts(self) -> Iterator[tuple[date, Act]]:
        """(day, act); nobody of the plan is wanted elsewhere in the story."""
        if not settings.HPF_DEPARTMENTS_URL:
            return
        self.departments = DepartmentsControl(settings.HPF_DEPARTMENTS_URL.rstrip("/"))
        for wanted in plan(self.seed, self.scale, str(settings.HPF_DEPARTMENTS_KEY).encode()).get(self.centre_id, ()):
            self.office.promised.add(wanted.row)
            if wanted.fit.sealed_as:
                yield self.later(wanted.on - timedelta(days=1), 0), lambda day, wanted=wanted: self._seal(day, wanted)
            day = self.later(wanted.on, 0)
            begin = self._sign if wanted.story == "AGREED" else self._apply
            yield day, lambda day, wanted=wanted, begin=begin: begin(day, wanted)
            if wanted.story == "AGREED":
                for month in Month.of(day).through(LAST_AGREED):
                    yield self.later(date(month.year, month.month, AGREED_DAY), 0), lambda day, wanted=wanted: self._pay_agreed(day, wanted)
            elif wanted.story in ("CLEARED", "REVIEWED", "OVERRULED"):
                yield self.later(day, 1), lambda day, wanted=wanted: self._review(day, wanted)
            elif wanted.story in ("SIGNED", "FAILED"):
                yield self.later(day, 21), lambda day, wanted=wanted: self._look_at_deal(day, wanted)
                yield self.later(day, 26), lambda day, wanted=wanted: self._give_back(day, wanted)
            elif wanted.story == "BOUNCED":
                yield self.later(day, 3), lambda day, wanted=wanted: self._pay_anew(day, wanted)

    def _seal(self, day: date, wanted: Wanted) -> None:
        unit = next(unit for unit in self.units if unit.unit.index == wanted.unit)
        agreed(account_services.seal(
            by=unit.operator, centre_id=self.centre_id, account_no=self._account_no(wanted), reason=wanted.fit.sealed_as, left_on=day, on=day,
            at=moment(day, 16), key=self._key(wanted, "seal"),
        ))  # fmt: skip

    def _apply(self, day: date, wanted: Wanted) -> None:
        """At the counter or from a phone; from there on as the rules decide."""
        if wanted.fit.facts:
            self.departments.facts(wanted.ref, **dict(wanted.fit.facts))
        if wanted.fit.home:
            self.departments.home(**wanted.fit.home)
        person = self._person(wanted)
        card = self._card(wanted)
        if wanted.story == "BOUNCED":
            card = card[:-4] + "0000"
            self.bank.set_card(card, "已销户", 0)
        if wanted.story == "ESTATE":
            self._apply_for_estate(day, wanted)
            return
        said = wanted.fit.said + (() if wanted.story == "UNPROVED" else (("employer_proof", True),))
        applied = agreed(services.apply(
            by=self._applicant(wanted, person), centre_id=self.centre_id, account_no=self._account_no(wanted), ground=wanted.ground,
            payee=services.Payment(person.name, card), asked=Money(wanted.asked_fen) if wanted.asked_fen is not None else None, said=said,
            consents=wanted.story not in ("SILENT", "CLEARED"), spouse_consent_no=self._spouse_consents(day, wanted), on=day, at=moment(day, 10), key=self._key(wanted, "apply"),
        ))  # fmt: skip
        self._proceed(day, wanted, applied.application_no)

    def _sign(self, day: date, wanted: Wanted) -> None:
        """For the months to come, so much of each at most; every month is decided anew."""
        months, person = Month.of(day).through(LAST_AGREED), self._person(wanted)
        signed = agreed(services.sign_agreement(
            by=self._applicant(wanted, person), centre_id=self.centre_id, account_no=self._account_no(wanted), ground=wanted.ground,
            payee=services.Payment(person.name, self._card(wanted)), first=Month.of(day), last=LAST_AGREED, day=AGREED_DAY,
            amount=Money((wanted.asked_fen or 0) // len(list(months)) // 100_00 * 100_00), said=(("employer_proof", True),),
            spouse_consent_no=self._spouse_consents(day, wanted), on=day, at=moment(day, 10), key=self._key(wanted, "sign"),
        ))  # fmt: skip
        self.numbers[wanted.row] = signed.agreement_no
        agreed(services.take_up(
            by=self.cast.system, centre_id=self.centre_id, agreement_no=signed.agreement_no, on=day, at=moment(day, 10), key=self._key(wanted, "take-up"),
        ))  # fmt: skip

    def _pay_agreed(self, day: date, wanted: Wanted) -> None:
        """The morning's run, as the worker does it."""
        run = pay_agreed(self.centre_id, day, moment(day, 8))
        if (run.due, run.paid) != (1, 1):
            raise NotAsPlanned(f"约定{self.numbers.get(wanted.row)}：{run}")
        self.office.instructed_on = day

    def _proceed(self, day: date, wanted: Wanted, application_no: str) -> None:
        self.numbers[wanted.row] = application_no
        moved = agreed(services.proceed(
            by=Actor.system(self.centre_id, "自动审批"), centre_id=self.centre_id, application_no=application_no, business_on=day,
            at=moment(day, 10), key=self._key(wanted, "go"),
        ))  # fmt: skip
        self._comes_to(moved, COMES_TO.get(wanted.story, State.IN_SETTLEMENT), wanted)
        if moved.state == State.IN_SETTLEMENT:
            self.office.instructed_on = day

    def _apply_for_estate(self, day: date, wanted: Wanted) -> None:
        """The widow or widower comes with the notary's paper; the departments know who died and whose child is whose."""
        refs = [self.departments.person("RESIDENT_ID", number) for _, number in wanted.fit.heirs]
        self.departments.bear(refs[1], wanted.ref, refs[0])
        heirs = tuple(
            services.HeirGiven(name, "RESIDENT_ID", number, f"6228{self.centre_id:02d}{place:02d}{number[-10:-1]}", 1, len(refs))
            for place, (name, number) in enumerate(wanted.fit.heirs, 1)
        )
        applied = agreed(services.apply_for_estate(
            by=self.cast.clerk, centre_id=self.centre_id, account_no=self._account_no(wanted), died_on=date.fromisoformat(dict(wanted.fit.facts)["died_on"]),
            proof="NOTARY", heirs=heirs, applicant=1, on=day, at=moment(day, 10), key=self._key(wanted, "apply"),
        ))  # fmt: skip
        self._proceed(day, wanted, applied.application_no)

    def _look_at_deal(self, day: date, wanted: Wanted) -> None:
        """Three weeks on: signed, and the flat is hers; or given up, and the money is asked back."""
        facts, given = dict(wanted.fit.facts), {"centre_id": self.centre_id, "application_no": self.numbers[wanted.row], "business_on": day}
        signed = day.isoformat() if wanted.story == "SIGNED" else None
        self.departments.facts(wanted.ref, deal_state=wanted.story, contract_signed_on=signed)
        if signed:
            self.departments.home(
                owner=wanted.ref, house_no=facts["house_no"], place="", signed_on=signed, titled_on=None, price_fen=facts["price_fen"],
                down_fen=facts["down_payment_fen"], loan_kind="COMMERCIAL",
            )  # fmt: skip
        agreed(services.check_deal(by=self.cast.clerk, at=moment(day, 10), key=self._key(wanted, "deal"), **given))
        if wanted.story == "FAILED":
            claim = agreed(services.demand_back(by=self.cast.clerk, at=moment(day, 11), key=self._key(wanted, "demand"), **given))
            self.claims[wanted.row] = claim.claim_no

    def _give_back(self, day: date, wanted: Wanted) -> None:
        """The supervised account pays back under the claim's number; the day's close finds it."""
        if wanted.story == "FAILED":
            facts, asked = dict(wanted.fit.facts), wanted.asked_fen or 0
            words = f"退首付款 {self.claims[wanted.row]}"
            self.bank.pay(facts["supervised_account"], self.office.home.fund_account_no, asked, words, facts["supervised_name"])

    def _spouse_consents(self, day: date, wanted: Wanted) -> str:
        """At the counter, with her card: what is asked about her for this one purpose."""
        if not wanted.fit.spouse or wanted.story == "SILENT":
            return ""
        given = agreed(sharing.give_consent(
            by=self.cast.clerk, centre_id=self.centre_id, person_ref=wanted.fit.spouse, scope=ABOUT_SPOUSE, purpose=PURPOSE,
            ends_at=moment(day + timedelta(days=300 if wanted.story == "AGREED" else services.CONSENT_DAYS)), at=moment(day), key=self._key(wanted, "spouse"),
        ))  # fmt: skip
        return str(given.consent_no)

    def _review(self, day: date, wanted: Wanted) -> None:
        """One looks into it with the papers, another passes it; then it is paid."""
        given = {"centre_id": self.centre_id, "application_no": self.numbers[wanted.row]}
        found, source = CLEARED_UP.get(wanted.story, ((), ""))
        overruled = wanted.story == "OVERRULED"
        agreed(services.review(
            by=self.cast.clerk, opinion="APPROVED" if overruled else "BY_RULE", reason=OVERRULED_WHY if overruled else "原件已核对，事实清楚",
            amount=Money(wanted.asked_fen) if overruled and wanted.asked_fen else None, found=found, source=source, at=moment(day, 10),
            key=self._key(wanted, "review"), **given,
        ))  # fmt: skip
        checker = self.cast.director if overruled else self.cast.checker
        agreed(services.pass_review(by=checker, at=moment(day, 11), key=self._key(wanted, "pass"), **given))
        self._pay(day, wanted, "pay-reviewed")

    def _pay_anew(self, day: date, wanted: Wanted) -> None:
        """The card had ended; she names the right one."""
        payee = services.Payment(self._person(wanted).name, self._card(wanted))
        agreed(services.change_payee(
            by=self.cast.clerk, centre_id=self.centre_id, application_no=self.numbers[wanted.row], payee=payee, at=moment(day, 10),
            key=self._key(wanted, "payee"),
        ))  # fmt: skip
        self._pay(day, wanted, "pay-anew")

    def _pay(self, day: date, wanted: Wanted, step: str) -> None:
        moved = agreed(services.pay_once_more(
            by=self.cast.system, centre_id=self.centre_id, application_no=self.numbers[wanted.row], business_on=day, at=moment(day, 14),
            key=self._key(wanted, step),
        ))  # fmt: skip
        self._comes_to(moved, State.IN_SETTLEMENT, wanted)
        self.office.instructed_on = day

    def _comes_to(self, moved: services.Moved, state: State, wanted: Wanted) -> None:
        if moved.state != state:
            raise NotAsPlanned(f"{wanted.ground}提取（{wanted.story}）：{moved.state} {'、'.join(moved.codes)}")

    def _account_no(self, wanted: Wanted) -> str:
        return self.office.home.members[wanted.row]

    def _person(self, wanted: Wanted) -> parties.FullIdentity:
        with centre_scope(self.centre_id):
            return parties.full_identity(accounts.member_account(self.centre_id, self._account_no(wanted)).person_id)

    def _card(self, wanted: Wanted) -> str:
        person = self._person(wanted)
        return person.bank_card or f"6228{person.person_id:012d}"

    def _applicant(self, wanted: Wanted, person: parties.FullIdentity) -> Actor:
        """Every third comes to the counter, where the clerk enters it."""
        user_id = user_id_of(member_login(person.id_number)) if wanted.row % 3 else None
        if user_id is None:
            return self.cast.clerk
        return Actor(str(user_id), person.name, frozenset({self.centre_id}), frozenset({EVERY_PERMISSION}), "MEMBER_WEB")

    def _key(self, wanted: Wanted, step: str) -> str:
        return f"demo:withdrawal:{self.centre_id}:{wanted.row}:{wanted.ground}:{step}"
