"""听银行: which centres have something to talk about with their banks, found out cheaply.

Most of the time nothing has happened. So every bank account's statement is asked for over a line that is kept, and only
when it says something else than the last time, or the centre waits for an answer, is there a talk with all its queries.
"""

from __future__ import annotations

from datetime import date

from hpf.jobs.banking import client_of
from hpf.ledger import queries as ledger
from hpf.treasury import queries as treasury
from hpf.treasury.gateways.settlement import BankRefused, BankUnavailable, SettlementClient, Statement

TALK_ANYWAY = 20
"""Every so many rounds a centre is talked with although nothing seems new: what a crash left half done is taken up."""


class Listening:
    """What each bank account's statement said the last time it was heard."""

    def __init__(self) -> None:
        self.lines: dict[int, SettlementClient] = {}
        self.heard: dict[str, tuple[date, date, Statement]] = {}
        self.rounds = 0

    def news(self) -> set[int]:
        """The centres to talk with now: two statements for all of them, and a question for each bank account."""
        agenda, days = treasury.agenda(), ledger.open_days()
        anyway = self.rounds % TALK_ANYWAY == 0
        self.rounds += 1
        found = set()
        for account in agenda:
            on = days.get(account.centre_id)
            if on is not None and (self._says_something_new(account, on) or account.waits or anyway):
                found.add(account.centre_id)
        return found

    def _says_something_new(self, account: treasury.AgendaLine, on: date) -> bool:
        if account.centre_id not in self.lines:
            self.lines[account.centre_id] = client_of(account.centre_id)
        begin = min(account.heard_from, on)
        try:
            told = (begin, on, self.lines[account.centre_id].statement(account.account_no, begin, on))
        except (BankUnavailable, BankRefused):
            return False
        new = self.heard.get(account.account_no) != told
        self.heard[account.account_no] = told
        return new
