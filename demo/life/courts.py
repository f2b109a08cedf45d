"""司法查控: what courts order of a centre in a year: frozen, queued, renewed, ended, released, deducted, and papers that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from demo.court.keys import client_of, secret_of
from demo.life.cast import Cast, login_of, moment
from demo.life.employers import Unit
from demo.life.events import Office
from demo.life.founding import NotAsPlanned
from demo.life.papers import as_pdf
from hpf.access import queries as access
from hpf.access.services import register_client
from hpf.accounts import queries as accounts
from hpf.db.scope import centre_scope
from hpf.freezes import queries as freezes
from hpf.freezes import services
from hpf.freezes.rules.orders import Action, DocumentKind, Officer, Payee, Result, documents_needed
from hpf.freezes.rules.papers import Paper
from hpf.jobs.courts import end_terms, follow_payments
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.parties import queries as parties

Act = Callable[[date], None]
SHORT_TERM_ENDS = date(2026, 4, 19)


@dataclass
class Courts:
    """One centre's papers of a year. Two courts want the same account; another pays from what it froze."""

    cast: Cast
    code: str
    short_name: str
    units: list[Unit]
    office: Office
    later: Callable[[date, int], date]
    placed: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    @property
    def centre_id(self) -> int:
        return self.cast.centre_id

    def acts(self) -> Iterator[tuple[date, Act]]:
        """(day, act), none of them on a person who is wanted elsewhere in the story."""
        near, far = f"{self.short_name}市中级人民法院", f"{self.short_name}铁路运输法院"
        yield date(2025, 10, 13), lambda day: self._register(day)
        yield date(2025, 10, 20), lambda day: self._online(day, "甲", near, Action.QUERY)
        yield date(2025, 10, 20), lambda day: self._online(day, "甲", near, Action.FREEZE, amount=Money(20_000_00), ends_on=SHORT_TERM_ENDS)
        yield date(2025, 11, 12), lambda day: self._online(day, "甲", far, Action.WAIT, whole=True)
        yield date(2025, 12, 9), lambda day: self._at_the_counter(day, "乙", far, amount=Money(5_000_00), ends_on=date(2026, 6, 8))
        yield (
            date(2026, 1, 15),
            lambda day: self._online(day, "丙", near, Action.FREEZE, expected=Result.FAILED, amount=Money(100), person_name="查无此人"),
        )
        yield date(2026, 3, 10), lambda day: self._online(day, "丙", near, Action.FREEZE, amount=Money(3_000_00))
        for ends in (SHORT_TERM_ENDS, date(2026, 6, 8), date(2026, 11, 11)):
            yield self.later(ends, 1), lambda day: self._morning(day)
        yield (
            date(2026, 5, 15),
            lambda day: self._online(day, "丁", far, Action.FREEZE_AND_DEDUCT, amount=Money(1_500_00), situation="RETIREMENT"),
        )
        yield date(2026, 5, 20), lambda day: follow_payments(self.centre_id, moment(day, 17))
        yield date(2026, 6, 3), lambda day: self._online(day, "乙", far, Action.RENEW, ends_on=date(2027, 6, 8))
        yield date(2026, 9, 9), lambda day: self._online(day, "丙", near, Action.RELEASE)
        yield date(2026, 10, 14), lambda day: self._deduct_kept(day, "甲", far, Money(800_00), "DISABILITY")
        yield date(2026, 10, 19), lambda day: follow_payments(self.centre_id, moment(day, 17))
        yield date(2026, 11, 18), lambda day: self._at_the_counter(day, "戊", near, check=False, amount=Money(2_000_00))

    def _register(self, day: date) -> None:
        client_no = client_of(self.code)
        register_client(
            by=self.cast.system, centre_id=self.centre_id, client_no=client_no, name=f"{self.short_name}法院执行平台", secret=secret_of(client_no),
            permissions=("api.court",), at=moment(day), key=f"demo:court:{self.centre_id}",
        )  # fmt: skip

    def _morning(self, day: date) -> None:
        end_terms(self.centre_id, day, moment(day, 8))

    def _online(self, day: date, who: str, court: str, action: Action, *, expected: Result = Result.DONE, **more: object) -> None:
        number, client_no = f"{self.code}-{day:%Y%m%d}-{action.code}", client_of(self.code)
        paper = self._paper(who, court, action, **more)
        if action in (Action.DEDUCT, Action.FREEZE_AND_DEDUCT):
            self.office.instructed_on = day
        court_actor = Actor(
            f"client:{client_no}", f"{self.short_name}法院执行平台", frozenset({self.centre_id}), frozenset({"api.court"}), "API"
        )
        served = services.serve_message(
            by=court_actor, centre_id=self.centre_id, request_no=number, paper=paper, documents=self._scans(paper), client_no=client_no,
            key=f"court:{client_no}:{number}", at=moment(day, 10),
        )  # fmt: skip
        if served.result not in (expected, Result.REGISTERED):
            raise NotAsPlanned(f"查控{action.label}：{'、'.join(served.reason_codes)}")
        self._remember(who, court, served.order_no)

    def _deduct_kept(self, day: date, who: str, court: str, most: Money, situation: str) -> None:
        """So much, or what the court's own freeze keeps where that is less."""
        account, freeze_no = self._account(who), self.placed.get(f"{who}:{court}", "")
        with centre_scope(self.centre_id):
            kept = next(view.kept for view in freezes.queue_of(self.centre_id, account.account_no) if view.freeze_no == freeze_no)
        self._online(day, who, court, Action.DEDUCT, amount=min(most, kept), situation=situation)

    def _at_the_counter(self, day: date, who: str, court: str, *, check: bool = True, **more: object) -> None:
        """One officer of the centre enters what the court's officers hand over, another passes it."""
        paper = self._paper(who, court, Action.FREEZE, **more)
        entered = services.enter_order(
            by=self._officer("court"), centre_id=self.centre_id, paper=paper, documents=self._scans(paper),
            key=f"demo:court:{self.centre_id}:{day}:{who}", at=moment(day, 14),
        )  # fmt: skip
        if entered.value is None:
            raise NotAsPlanned(entered.reasons[0].message)
        if check:
            services.pass_order(
                by=self._officer("court2"), centre_id=self.centre_id, order_no=entered.value.order_no,
                key=f"demo:court:{self.centre_id}:{day}:{who}:pass", at=moment(day, 15),
            )  # fmt: skip
            self._remember(who, court, entered.value.order_no)

    def _remember(self, who: str, court: str, order_no: str) -> None:
        with centre_scope(self.centre_id):
            order = freezes.order(self.centre_id, order_no)
        if order is not None and order.answer is not None and order.answer.freeze_no:
            self.placed[f"{who}:{court}"] = order.answer.freeze_no

    def _officer(self, kind: str) -> Actor:
        user_id = access.user_id_of(login_of(kind, self.code))
        permissions = frozenset({"page.court", "freezes.enter", "freezes.check"})
        return Actor(str(user_id), f"{self.short_name}司法查控", frozenset({self.centre_id}), permissions)

    def _paper(self, who: str, court: str, action: Action, **more: object) -> Paper:
        account = self._account(who)
        with centre_scope(self.centre_id):
            identity = parties.full_identity(account.person_id)
        case_no = f"（2025）甘{self.centre_id:02d}执{100 + '甲乙丙丁戊'.index(who)}号"
        officers = tuple(Officer(f"执行员{n}", f"GZ{self.centre_id:02d}{n}", f"ZX{self.centre_id:02d}{n}") for n in ("一", "二"))
        paper = Paper(
            action, court, case_no, identity.name, identity.id_kind, identity.id_number, f"{case_no}之裁定", f"{case_no}之协助", account_no=account.account_no,
            freeze_no="" if action in (Action.QUERY, Action.FREEZE, Action.WAIT, Action.FREEZE_AND_DEDUCT) else self.placed.get(f"{who}:{court}", ""),
            payee=Payee(f"{court}执行款专户", f"2799{self.centre_id:02d}00000001", "105100000017"), officers=officers,
        )  # fmt: skip
        return replace(paper, **more)  # type: ignore[arg-type]

    def _account(self, who: str) -> accounts.MemberAccountView:
        """Five people of the first unit, the last of those it pays for when the story began."""
        if not self.people:
            with centre_scope(self.centre_id):
                unit = accounts.employer_account(self.centre_id, self.units[0].account_no)
                roster = accounts.roster(self.centre_id, unit.employer_account_id, states=("NORMAL",))
            known = [line.account_no for line in roster if line.id_kind == "RESIDENT_ID"]
            self.people = dict(zip("甲乙丙丁戊", (known[-5:] * 5)[:5], strict=True))
        with centre_scope(self.centre_id):
            return accounts.member_account(self.centre_id, self.people[who])

    def _scans(self, paper: Paper) -> tuple[services.NewDocument, ...]:
        return tuple(
            services.NewDocument(
                kind, f"{DocumentKind(kind).label}.pdf", as_pdf([DocumentKind(kind).label, paper.court_name, paper.case_no])
            )
            for kind in documents_needed(paper.action)
        )
