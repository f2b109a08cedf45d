"""数据共享接口: banks, other centres and the national platform ask about one person, each within its grant.

The person's document stands in the signed body, never in an address. Every look is written down before anything is told.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from hpf.accounts import queries as accounts
from hpf.api.problems import Refused
from hpf.api.signed import for_client
from hpf.contributions import queries as contributions
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.sharing.rules import without_gap
from hpf.sharing.services import permit_look

router = Router()

Text = Annotated[str, Field(min_length=1, max_length=100)]


class LookIn(Schema):
    """查询谁的哪些项目，为何事，凭哪份授权."""

    id_kind: Annotated[str, Field(max_length=20)]
    id_number: Annotated[str, Field(max_length=40)]
    case_kind: Annotated[str, Field(min_length=1, max_length=20)]
    case_no: Annotated[str, Field(min_length=1, max_length=40)]
    purpose: Text
    fields: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=20)]
    consent_no: Annotated[str, Field(max_length=30)] = ""


class LookOut(Schema):
    """所准许的项目；无此项为空。金额单位为分."""

    grant_no: str
    as_of: date
    fields: dict[str, bool | int | str | None]


@router.post("/records", response=LookOut, summary="查询缴存记录", tags=["数据共享"])
@for_client("api.sharing")
def records(request: HttpRequest, said: LookIn) -> Any:
    """Only the fields of a grant, for its purposes and cases, in its time and quota, and with the member's consent unless by law."""
    client = request.auth  # type: ignore[attr-defined]
    decision = permit_look(
        by=client.actor, centre_id=client.centre_id, client_no=client.client_no, client_name=client.name, id_kind=said.id_kind, id_number=said.id_number,
        case_kind=said.case_kind, case_no=said.case_no, purpose=said.purpose, fields=tuple(said.fields), consent_no=said.consent_no,
        on=timezone.localdate(), at=timezone.now(), key=f"look:{client.client_no}:{request.headers['X-HPF-Nonce']}",
    )  # fmt: skip
    if decision.value is None:
        raise Refused(429 if decision.reasons[0].code == "GRANT_QUOTA_SPENT" else 403, decision.reasons)
    on = ledger.business_day(client.centre_id)
    return {
        "grant_no": decision.value.grant_no,
        "as_of": on,
        "fields": record_of(client.centre_id, decision.value.person_id, decision.value.fields, on),
    }


def record_of(centre_id: int, person_id: int | None, fields: tuple[str, ...], on: date) -> dict[str, bool | int | str | None]:
    """The named fields of the person's open account, or of the last one closed; nothing but "no" of somebody we do not know."""
    held = accounts.accounts_of_person(centre_id, person_id) if person_id is not None else []
    account = held[0] if held else None
    if account is None:
        return {name: False if name == "has_account" else None for name in fields}
    return {name: _READ[name](held, on) for name in fields}


Held = list[accounts.MemberAccountView]


def _months(held: Held, on: date) -> list[Month]:
    """Every month paid on any of the person's accounts here, oldest first."""
    return sorted({month for account in held for month in contributions.months_paid(account.centre_id, account.member_account_id, on)})


def _paid_through(held: Held, on: date) -> str | None:
    months = _months(held, on)
    return str(months[-1]) if months else None


_READ: dict[str, Callable[[Held, date], bool | int | str | None]] = {
    "has_account": lambda held, on: held[0].is_open,
    "account_state": lambda held, on: held[0].state,
    "months_paid": lambda held, on: len(_months(held, on)),
    "months_continuous": lambda held, on: without_gap(_months(held, on)),
    "paid_through": _paid_through,
    "base_fen": lambda held, on: held[0].base.fen,
    "month_fen": lambda held, on: held[0].month_total.fen,
    "balance_fen": lambda held, on: ledger.balance(held[0].ledger_account_id).balance.fen,
    "opened_on": lambda held, on: held[0].opened_on.isoformat(),
}
