"""转移报文: letters, answers and account information as fields of the interface, and back.

Names of fields and numbers of states and documents are the interface's and occur nowhere else. What the interface calls
901 to 909 are messages of inter-city transfer; which number is which stands in `CODES` and is our own reading until the
platform's document is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.transfers.rules.information import Information
from hpf.transfers.rules.states import State, state_of
from hpf.treasury.gateways.wire import NotAMessage

CODES = {
    State.APPROVED: "901", State.RECEIVED: "902", State.REFUSED: "902", State.INFORMED: "903", State.CANCELLED: "904",
    State.DONE: "905", State.NEGOTIATING: "906", State.NEGOTIATED: "905", State.FAILED: "905",
}  # fmt: skip
RESULT, MAIL, LETTERS, TAKEN = "907", "908", "909", "908"
DOCUMENTS = {"01": "RESIDENT_ID", "03": "PASSPORT", "04": "FOREIGN_PR_CARD", "99": "HMT_PERMIT"}
_DOCUMENT_CODES = {kind: code for code, kind in DOCUMENTS.items()} | {"FOREIGN_PR_CARD_OLD": "04"}
_YES, _NO = "1", "0"


@dataclass(frozen=True, slots=True)
class Telling:
    """What we tell about a letter. `information` goes with INFORMED; the taking centre's account with APPROVED."""

    send_seq_no: str
    letter_no: str
    state: State
    name: str
    id_kind: str
    id_number: str
    taking_org_code: str
    taking_org_name: str
    giving_org_code: str
    giving_org_name: str
    taking_account: str
    giving_account: str
    payee_name: str
    payee_account: str
    payee_bank: str
    words: str = ""
    information: Information | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery of the platform: what the other centre said. `told` is None when it cannot be read, for `problem`."""

    item_no: str
    told: Telling | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LetterSaid:
    """A letter as the platform's register has it."""

    letter_no: str
    state: State
    amount: Money | None


def fields_of(told: Telling) -> dict[str, str]:
    """The message's fields. Empty ones are left out."""
    fields = {
        "ConNum": told.letter_no, "ConStat": told.state.code, "EmpName": told.name, "IdType": _DOCUMENT_CODES.get(told.id_kind, "99"),
        "IdNum": told.id_number, "TrInOrgCode": told.taking_org_code, "TrInOrgName": told.taking_org_name, "TrOutOrgCode": told.giving_org_code,
        "TrOutOrgName": told.giving_org_name, "TrInAcct": told.taking_account, "TrOutAcct": told.giving_account, "RecAcctName": told.payee_name,
        "RecAcctNo": told.payee_account, "RecBankNo": told.payee_bank, "Remark": told.words,
    }  # fmt: skip
    if told.information is not None:
        fields |= _information_fields(told.information)
    return {name: value for name, value in fields.items() if value}


def _information_fields(said: Information) -> dict[str, str]:
    return {
        "OrAcctName": said.name, "TranAmt": str(said.amount), "OrAcctAmt": str(said.principal), "Yinter": str(said.interest),
        "OpenDate": f"{said.opened_on:%Y%m%d}", "PayEndMonth": "" if said.paid_through is None else str(said.paid_through).replace("-", ""),
        "SixMconFlag": _flag(said.six_months), "LoanNum": str(said.loans), "LoanEndFlag": _flag(said.loans_ended), "FrLoanFlag": _flag(said.fraud),
        "OrIdNum": said.id_number,
    }  # fmt: skip


def told_of(fields: dict[str, str], send_seq_no: str = "") -> Telling:
    """The content of a delivery. Raises NotAMessage when it cannot be read; what it means is not judged here."""
    try:
        state = state_of(fields["ConStat"])
        information = _information_of(fields) if state is State.INFORMED else None
        return Telling(
            send_seq_no, fields["ConNum"], state, fields["EmpName"], DOCUMENTS[fields["IdType"]], fields["IdNum"], fields["TrInOrgCode"],
            fields.get("TrInOrgName", ""), fields["TrOutOrgCode"], fields.get("TrOutOrgName", ""), fields.get("TrInAcct", ""),
            fields.get("TrOutAcct", ""), fields.get("RecAcctName", ""), fields.get("RecAcctNo", ""), fields.get("RecBankNo", ""),
            fields.get("Remark", ""), information,
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise NotAMessage(f"平台来文要素不全或不合规：{error}") from error


def _information_of(fields: dict[str, str]) -> Information:
    through = fields.get("PayEndMonth", "")
    return Information(
        fields["OrAcctName"], DOCUMENTS[fields["IdType"]], fields.get("OrIdNum", fields["IdNum"]), fields.get("TrOutAcct", ""),
        Money.yuan(fields["OrAcctAmt"]), Money.yuan(fields["Yinter"]), Money.yuan(fields["TranAmt"]), day_of(fields["OpenDate"]),
        Month.parse(f"{through[:4]}-{through[4:6]}") if through else None, fields["SixMconFlag"] == _YES, int(fields["LoanNum"]),
        fields["LoanEndFlag"] == _YES, fields["FrLoanFlag"] == _YES,
    )  # fmt: skip


def item_of(record: dict[str, str]) -> Item:
    """A delivery; one that cannot be read is kept with what is wrong with it, so that it does not stop those behind it."""
    if not record.get("ItemNo"):
        raise NotAMessage("平台来文没有编号")
    try:
        return Item(record["ItemNo"], told_of(record))
    except NotAMessage as error:
        return Item(record["ItemNo"], None, str(error)[:300])


def letter_said(record: dict[str, str]) -> LetterSaid:
    try:
        amount = Money.yuan(record["TranAmt"]) if record.get("TranAmt") else None
        return LetterSaid(record["ConNum"], state_of(record["ConStat"]), amount)
    except (KeyError, ValueError) as error:
        raise NotAMessage(f"平台核对清单不合规：{error}") from error


def day_of(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _flag(value: bool) -> str:
    return _YES if value else _NO
