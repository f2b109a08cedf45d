"""外来重复账户: an account that history brought along beside the person's own; it waits for its merger."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from hpf.accounts import queries
from hpf.accounts.services.events import Occasion, record_events
from hpf.accounts.services.seals import MovedMember
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import services as ledger_services
from hpf.parties.rules import Series
from hpf.parties.services import number_rows


@command("accounts.admit_duplicate")
def admit_duplicate(
    *, by: Actor, centre_id: int, account_no: str, employer_account_no: str, opened_on: date, on: date, at: datetime, key: str
) -> Decision[MovedMember]:
    """补录重复账户: register a second account that the person already had in former records, sealed, to be merged.

    It is the only way to a second open account, and it takes no contributions. `opened_on` may be before the first one's.
    """
    own = queries.member_account(centre_id, account_no)
    unit = queries.employer_account(centre_id, employer_account_no)
    if any(other.duplicate and other.is_open for other in queries.accounts_of_person(centre_id, own.person_id)):
        return Decision.refused([Reason("DUPLICATE_WAITING", "该职工已有一个待合户账户，请先办理合户", ("条例/13",))])
    ((account_id, number),) = number_rows(centre_id, Series.MEMBER_ACCOUNT, "accounts_memberaccount")
    ledger_id = ledger_services.open_account(centre_id, 201, "MEMBER_ACCOUNT", account_id, on)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_memberaccount (id, centre_id, account_no, person_id, employer_account_id, kind, state,"
            " declared_base_fen, base_fen, employer_rate, member_rate, employer_month_fen, member_month_fen, first_month,"
            " ledger_account_id, opened_on, sealed_on, seal_reason, close_reason, duplicate)"
            " SELECT %s, centre_id, %s, person_id, %s, kind, 'SEALED', declared_base_fen, base_fen, employer_rate, member_rate,"
            " employer_month_fen, member_month_fen, first_month, %s, %s, %s, 'OTHER', '', true FROM accounts_memberaccount WHERE id = %s",
            [account_id, number, unit.employer_account_id, ledger_id, opened_on, on, own.member_account_id],
        )
    facts = {"补录": "重复账户，待合户", "原账号": own.account_no, "原开户日期": str(opened_on)}
    record_events(Occasion(centre_id, by, on, at, key), "OPENED", [(unit.employer_account_id, account_id, facts)])
    return Decision.approved(MovedMember(account_id, number, unit.employer_account_id, "SEALED"))
