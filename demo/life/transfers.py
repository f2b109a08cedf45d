"""转移: some who came from other cities bring their savings, some who left take theirs along, over fourteen months.

The national platform is a process of its own and knows them; here only our side acts, with its own commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.conf import settings

from demo.bank.control import BankControl
from demo.life.cast import moment
from demo.life.employers import Unit
from demo.life.events import Office
from demo.life.founding import agreed
from demo.national.control import NationalControl
from hpf.accounts import queries as account_queries
from hpf.accounts import services as accounts
from hpf.contributions import queries as contributions
from hpf.db.scope import centre_scope
from hpf.jobs.transferring import compare, exchange
from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.transfers import queries
from hpf.transfers import services as transfers
from hpf.transfers.rules.states import State
from hpf.transfers.services.letters import OwnCentre, own_centre
from hpf.treasury.rules.numbers import unit_no

CITIES = (
    ("610100", "西安住房公积金管理中心", "61010000000001"),
    ("510100", "成都住房公积金管理中心", "51010000000001"),
    ("640100", "银川住房公积金管理中心", "64010000000001"),
)
RICH_FEN = 1_000_000_000_00
COMING = (date(2025, 10, 15), date(2026, 3, 18), date(2026, 7, 15), date(2026, 11, 17))
LEAVING = (date(2025, 12, 10), date(2026, 5, 13), date(2026, 9, 9), date(2026, 11, 16))
CENTRES = (1, 5, 9)


@dataclass
class Movers:
    """Who moves in one centre. Without a platform nobody does."""

    office: Office
    units: list[Unit]
    seed: int
    talking_since: date | None = None

    @property
    def centre_id(self) -> int:
        return self.office.centre_id

    def plan(self, on: Callable[[date, Callable[[date], None]], None], later: Callable[[date, int], date]) -> None:
        if not settings.HPF_NATIONAL_URL or self.centre_id not in CENTRES:
            return
        self.national = NationalControl(settings.HPF_NATIONAL_URL.rstrip("/"))
        self.chance = np.random.default_rng([self.seed, 21, self.centre_id])
        for number, day in enumerate(COMING):
            on(day, lambda day, number=number: self.come(day, number))
        for number, day in enumerate(LEAVING):
            on(day, lambda day, number=number: self.leave(day, number))
            on(later(day, 2), self.let_go)

    def introduce(self, day: date, bank: BankControl) -> None:
        """The platform learns of us, the bank of the other cities."""
        own = own_centre(self.centre_id, day)
        assert isinstance(own, OwnCentre)
        self.own = own
        self.national.centres({own.org_code: unit_no(self.centre_id)})
        self.national.cities(*({"org": org, "name": name, "account_no": account} for org, name, account in CITIES))
        bank.set_accounts([{"no": account, "name": name, "kind": "PUBLIC", "balance_fen": RICH_FEN} for _, name, account in CITIES])

    def somebody(self, day: date) -> tuple[str, parties.FullIdentity] | None:
        """A member of some unit, with her documents."""
        unit = self.units[int(self.chance.integers(0, len(self.units)))]
        lines = self.office.without_part(unit.roster(Month.of(day)))
        if len(lines) < 5:
            return None
        line = lines[int(self.chance.integers(1, len(lines)))]
        with centre_scope(self.centre_id):
            return line.account_no, parties.full_identity(line.person_id)

    def come(self, day: date, number: int) -> None:
        """She has savings in another city: applied at the counter, reviewed, sent."""
        found = self.somebody(day)
        if found is None:
            return
        account_no, person = found
        org, name, _ = CITIES[(number + self.centre_id) % len(CITIES)]
        if not hasattr(self, "own"):
            self.introduce(day, self.office.bank)
        fen = int(self.chance.integers(3_000_00, 90_000_00))
        self.national.member(
            org, person.name, person.id_number, fen, fen * 9 // 1000, opened="20190701", through=f"{Month.of(day) + -2}".replace("-", ""),
            fraud=number == 3,
        )  # fmt: skip
        cast = self.office.cast
        applied = agreed(transfers.apply_in(
            by=cast.clerk, centre_id=self.centre_id, account_no=account_no, other_org_code=org, other_org_name=name, other_account="",
            business_on=day, at=moment(day, 10), key=self.office.key(f"transfer-in:{number}"),
        ))  # fmt: skip
        agreed(transfers.review_in(
            by=cast.checker, centre_id=self.centre_id, transfer_no=applied.transfer_no, agree=True, words="资料相符", business_on=day,
            at=moment(day, 11), key=self.office.key(f"transfer-in-review:{number}"),
        ))  # fmt: skip
        self.talking_since = day

    def leave(self, day: date, number: int) -> None:
        """He left for another city: sealed here, and the other city writes."""
        found = self.somebody(day)
        if found is None:
            return
        account_no, person = found
        if not hasattr(self, "own"):
            self.introduce(day, self.office.bank)
        cast = self.office.cast
        agreed(accounts.seal(
            by=cast.clerk, centre_id=self.centre_id, account_no=account_no, reason="LEFT", left_on=day, on=day, at=moment(day, 10),
            key=self.office.key(f"transfer-out-seal:{number}"),
        ))  # fmt: skip
        org, _, _ = CITIES[(number + self.centre_id + 1) % len(CITIES)]
        self.national.write(org, self.own.org_code, name=person.name, id_number=person.id_number, account_no=account_no)
        self.talking_since = day

    def let_go(self, day: date) -> None:
        """Everything the rules allow to leave is proposed by the clerk and checked by the other; the rest is refused with its reasons."""
        if not hasattr(self, "own"):
            return
        cast, centre = self.office.cast, self.centre_id
        with centre_scope(centre):
            waiting = [each for each in queries.letters(centre, direction="OUT", state="OPEN", limit=50)[0] if each.state is State.RECEIVED]
            months, against = {}, {}
            for each in waiting:
                against[each.transfer_no] = queries.reasons_against(centre, each.transfer_no, day)
                account_no = queries.account_asked_for(centre, each.transfer_no, day)
                if account_no:
                    account = account_queries.member_account(centre, account_no)
                    months[each.transfer_no] = contributions.months_paid(centre, account.member_account_id, day)
        for each in waiting:
            given = {"centre_id": centre, "transfer_no": each.transfer_no, "business_on": day}
            proposal = State.REFUSED if against[each.transfer_no] else State.INFORMED
            agreed(transfers.propose_out(
                by=cast.clerk, proposal=proposal, words="", months_paid=months.get(each.transfer_no, ()), at=moment(day, 10),
                key=self.office.key(f"propose:{each.transfer_no}"), **given,
            ))  # fmt: skip
            agreed(transfers.check_out(
                by=cast.checker, agree=True, words="", at=moment(day, 11), key=self.office.key(f"check:{each.transfer_no}"), **given
            ))  # fmt: skip
            self.office.instructed_on = day
        self.talking_since = day

    def talk(self, day: date, at: datetime) -> None:
        """At the end of a day on which letters are under way: the cities act, we tell, ask and read. Else nobody speaks."""
        if self.talking_since is None:
            return
        self.national.advance_to(day)
        exchange(self.centre_id, day, at)
        with centre_scope(self.centre_id):
            _, waiting = queries.letters(self.centre_id, state="OPEN", limit=1)
        if not waiting:
            compare(self.centre_id, day, at)
            self.talking_since = None
