"""转移接续平台客户端: our side of the national platform. What is told is a Result; a question without an answer raises.

The messages travel as all of the settlement interface do (signed, with a nonce that an answer repeats), to another address.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx

from hpf.transfers.gateways.messages import CODES, LETTERS, MAIL, RESULT, Item, LetterSaid, Telling, fields_of, item_of, letter_said
from hpf.treasury.gateways import wire
from hpf.treasury.gateways.settlement import BankRefused, BankUnavailable, SettlementClient
from hpf.treasury.rules.payments import Result

_BANK_WORDS = "银行"


class PlatformUnavailable(Exception):
    """A question got no usable answer, or a no. Ask again later."""


class NationalClient(SettlementClient):
    """A centre's line to the platform."""

    def tell(self, told: Telling, on: date) -> Result:
        """Tell a letter's state. The sequence number makes it once there, however often it arrives."""
        return _reworded(self._send_instruction(CODES[told.state], told.send_seq_no, fields_of(told), on))

    def fate(self, seq_no: str, on: date) -> Result:
        """What became of something told, by its own number."""
        return _reworded(self._state(RESULT, seq_no, on)[0])

    def mail(self, on: date) -> list[Item]:
        """Every delivery we have not confirmed, oldest first. Raises PlatformUnavailable."""
        answer = self._ask(MAIL, {}, on)
        try:
            return [item_of(record) for record in answer.lists.get("Mail", [])]
        except wire.NotAMessage as error:
            raise PlatformUnavailable(f"转移接续平台的来文不能识读：{error}") from error

    def taken(self, item_no: str, on: date) -> None:
        """Confirm one delivery; confirmed twice is confirmed. Raises PlatformUnavailable."""
        self._ask(MAIL, {"TakenItemNo": item_no}, on)

    def letters(self, since: date, on: date) -> list[LetterSaid]:
        """The register: letters of ours that are open, or were changed on or after `since`. Raises PlatformUnavailable."""
        answer = self._ask(LETTERS, {"SinceDate": f"{since:%Y%m%d}"}, on)
        try:
            return [letter_said(record) for record in answer.lists.get("Letter", [])]
        except wire.NotAMessage as error:
            raise PlatformUnavailable(str(error)) from error

    def _ask(self, code: str, body: dict[str, str], on: date) -> wire.Message:
        try:
            return self._question(code, body, on)
        except (BankUnavailable, BankRefused, httpx.HTTPError) as error:
            raise PlatformUnavailable(str(error).replace(_BANK_WORDS, "转移接续平台")) from error


def _reworded(result: Result) -> Result:
    """The settlement interface speaks of banks; here it is the platform that does not answer."""
    return replace(result, message=result.message.replace(_BANK_WORDS, "转移接续平台"))
