"""职工名册 as a list, the same for the unit and for the counter. A unit may have ten thousand people: the database pages and sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse

from hpf.accounts import queries as accounts
from hpf.web.listing import Column, Filter, Table, sort_asked, table
from hpf.web.page import centre_id

STATES = [("", "全部"), ("NORMAL", "正常"), ("SEALED", "封存")]


def roster_table(
    request: HttpRequest, account: accounts.EmployerAccountView, link: Callable[[accounts.RosterLine], str]
) -> Table | HttpResponse:
    """The unit's people, found by name, pinyin or account number; `link` leads from one of them to her page."""
    columns: Sequence[Column] = (
        Column("name", "姓名", lead=True, link=link),
        Column("account_no", "个人账号", "code"),
        Column("id_masked", "证件号码", "code", sort=False),
        Column("state", "状态", "state", family="account"),
        Column("base", "缴存基数", "money"),
        Column("employer_month", "单位月缴", "money", total=True),
        Column("member_month", "个人月缴", "money", total=True),
        Column("first_month", "起缴年月", "month"),
    )
    asked = request.GET
    text, state = asked.get("text", "").strip()[:60], asked.get("state", "")
    found: list[accounts.RosterPage] = []

    def fetch(limit: int, offset: int) -> tuple[Sequence[accounts.RosterLine], int]:
        found.append(accounts.roster_page(
            centre_id(request), account.employer_account_id, text=text, state=state if state in dict(STATES) else "",
            sort=sort_asked(request, accounts.ROSTER_SORTS), limit=limit, offset=offset,
        ))  # fmt: skip
        return found[0].lines, found[0].total

    def totals() -> dict[str, object]:
        return {"employer_month": found[0].employer_month, "member_month": found[0].member_month}

    return table(
        request, None, columns, title="职工", filters=[Filter("text", "姓名或账号"), Filter("state", "状态", STATES)], fetch=fetch,
        sorts=accounts.ROSTER_SORTS, totals=totals, export=f"职工名册_{account.account_no}", size=50, employer_id=account.employer_id,
        empty="没有符合条件的职工。",
    )  # fmt: skip
