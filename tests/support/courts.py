"""A centre with a court desk: papers as courts send them, officers, money on accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hpf.freezes.rules.orders import Action, DocumentKind, Officer, Payee
from hpf.freezes.rules.papers import Paper
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from tests.support.contributions import NAMES, Centre
from tests.support.people import AT, fresh

CITY = "兰州市城关区人民法院"
OTHER = "天水市秦州区人民法院"
CASE = "（2026）甘0102执100号"
OFFICERS = (Officer("执行员甲", "GZ001", "ZX001", "09310000001"), Officer("执行员乙", "GZ002", "ZX002"))


class Desk(Centre):
    """`Centre` with the verbs of courts. `at` moves on by a minute with each paper."""

    def __init__(self, centre_id: int = 1) -> None:
        super().__init__(centre_id)
        self.at: datetime = AT
        self.court = Actor("client:court", "法院平台", frozenset({centre_id}), frozenset({"api.court"}), "API")
        self.people: dict[str, tuple[str, str]] = {}

    def officer(self, name: str) -> Actor:
        permissions = frozenset({"page.court", "freezes.enter", "freezes.check"})
        return Actor(f"user:{name}", name, frozenset({self.centre_id}), permissions)

    def person(self, name: str, number: str, yuan: str) -> str:
        """A member with so much money; gives the account's number."""
        if not hasattr(self, "unit_no"):
            self.unit_no = self.unit("查控单位")
        account_no = self.member(self.unit_no, name, number)
        self.people[account_no] = (name, number)
        if yuan != "0.00":
            self.pay(account_no, yuan, self.on)
        return account_no

    def paper(self, about: str, action: Action, *, court: str = CITY, yuan: str | None = None, **more: Any) -> Paper:
        name, number = self.people[about]
        made = Paper(
            action, court, CASE, name, "RESIDENT_ID", number, "（2026）甘0102执100号之一裁定", "（2026）甘0102执100号协", amount=None if yuan is None else Money.yuan(yuan),
            officers=OFFICERS, payee=Payee(f"{court}执行款专户", "27009900001", "105100000017"),
        )  # fmt: skip
        return replace(made, **more)

    def documents(self, paper: Paper) -> tuple[Any, ...]:
        from hpf.freezes.rules.orders import documents_needed
        from hpf.freezes.services import NewDocument

        return tuple(NewDocument(kind, f"{DocumentKind(kind).label}.pdf", b"%PDF-1.7 made up") for kind in documents_needed(paper.action))

    def send(self, about: str, action: Action, *, request_no: str = "", client_no: str = "court", **more: Any) -> Any:
        """A court's message; gives the paper as the desk sees it afterwards."""
        from hpf.freezes import queries
        from hpf.freezes.services import serve_message

        self.at += timedelta(minutes=1)
        paper, number = self.paper(about, action, **more), request_no or fresh("req")
        served = serve_message(
            by=self.court, centre_id=self.centre_id, request_no=number, paper=paper, documents=self.documents(paper), client_no=client_no,
            key=f"court:{client_no}:{number}", at=self.at,
        )  # fmt: skip
        with self.scope():
            return queries.order(self.centre_id, served.order_no)

    def queue(self, account_no: str) -> list[tuple[str, str, str]]:
        """(court, what it keeps, how it stands) of every freeze on the account."""
        from hpf.freezes import queries

        with self.scope():
            return [(view.court_name[:2], view.kept.text, view.effect) for view in queries.queue_of(self.centre_id, account_no)]

    def free(self, account_no: str) -> str:
        return str(self.money(account_no).available.text)

    def expire(self, on: date, account_no: str) -> list[str]:
        """What a morning ends of this account."""
        from hpf.freezes import queries
        from hpf.freezes.services import expire_due

        ended = [e.freeze_no for e in expire_due(by=self.by, centre_id=self.centre_id, on=on, at=self.at) if e.ended]
        with self.scope():
            own = {view.freeze_no for view in queries.queue_of(self.centre_id, account_no)}
        return [number for number in ended if number in own]


__all__ = ["CASE", "CITY", "NAMES", "OFFICERS", "OTHER", "Desk"]
