"""提取监管: rent plan against actual, how decisions were made, how fast money came; from the province to a centre to its cases."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger
from hpf.statistics.rules import Ratio
from hpf.web.listing import Column, Filter, Table, list_page, table
from hpf.web.page import looked_at, needs, now, page
from hpf.web.supervisor.charts import chart, drawn
from hpf.withdrawals.queries import supervision
from hpf.withdrawals.queries.supervision import ArticleRefusals, CaseRow, GroundSum, RentDay, Standing, plan_by_now
from hpf.withdrawals.rules import GROUNDS, Ground
from hpf.withdrawals.rules.explaining import cited_text

WAYS = {
    "": "全部", "PAID": "已到账", "AUTOMATIC": "自动决定", "PERSON": "人工决定", "REFUSED": "不予提取", "WAITING": "尚未决定",
}  # fmt: skip
CHANNELS = {"MEMBER_WEB": "个人网厅", "COUNTER": "柜面", "SYSTEM": "平台"}
LAST_DAYS = 14
OUTCOMES = {"APPROVED": "准予", "REFUSED": "不予", "REFERRED": "转人工"}


def took(seconds: int | None) -> str:
    """A time for people: seconds below a minute, minutes below an hour, hours below a day, then days and hours."""
    if seconds is None:
        return "—"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if not minutes:
        return f"{seconds}秒"
    if not hours:
        return f"{minutes}分{seconds % 60}秒"
    return f"{hours}小时{minutes % 60}分" if not days else f"{days}天{hours % 24}小时"


def share(part: int, whole: int) -> str:
    return Ratio(part, whole).text or "—"


def growth(now_: Money, before: Money) -> str:
    """Growth against what was before; without anything before there is none to speak of."""
    return Ratio(now_.fen - before.fen, before.fen).text or "无基数"


def done(each: Standing) -> str:
    """本年实际占计划: both of the same centres."""
    return share(each.rent_planned.fen, each.plan.fen) if each.plan else "未设计划"


def day_of(request: HttpRequest) -> tuple[date, date]:
    """The day to which the year is looked at, and the last day that any centre has lived through. One query."""
    latest = max(ledger.open_days().values(), default=None) or now().date()
    try:
        on = date.fromisoformat(request.GET["on"]) if request.GET.get("on") else latest
    except ValueError:
        raise Http404 from None
    if not 2000 <= on.year <= 2200:
        raise Http404
    return on, latest


@require_GET
@needs("page.supervisor")
def home(request: HttpRequest) -> HttpResponse:
    """全省: cards, plan and actual by centre, the centres' table, grounds, refusals by article. Five queries."""
    on, latest = day_of(request)
    *centres, province = supervision.standings(on)
    days = supervision.rent_days(on)
    listed = table(
        request, centres, _centre_columns(on), title=f"各中心（{on.year}年1月1日至{on.month}月{on.day}日）", size=20, export=f"提取监管_{on}",
    )  # fmt: skip
    if isinstance(listed, HttpResponse):
        return listed
    ranked = sorted(centres, key=lambda each: each.rent, reverse=True)
    ranking = chart(
        "ranking", "万元", f"各中心{on.year}年租房提取的计划和实际", [each.name for each in ranked],
        [("实际", [drawn(each.rent.fen, "万元") for each in ranked]), ("全年计划", [drawn((each.plan or ZERO).fen, "万元") for each in ranked])],
    )  # fmt: skip
    ranking["links"] = [reverse("web:supervised_centre", args=[each.centre_id]) + f"?on={on}" for each in ranked]
    return page(
        request, "hpf/supervisor/withdrawals.html", heading="提取监管", on=on, latest=latest, standing=province, figures=_figures(province, on), ranking=ranking,
        line=_line(days, province.plan, on, "全省") if days else None, table=listed, grounds=_grounds(request, supervision.grounds(on), on),
        refusals=_refusals(request, supervision.refusals(on), on),
    )  # fmt: skip


@require_GET
@needs("page.supervisor")
def centre(request: HttpRequest, centre_id: int) -> HttpResponse:
    """One centre: the same figures, and plan against actual on every day. Five queries."""
    on, latest = day_of(request)
    standing = next((each for each in supervision.standings(on) if each.centre_id == centre_id), None)
    if standing is None:
        raise Http404
    days = supervision.rent_days(on, centre_id)
    listed = table(
        request, days[: -LAST_DAYS - 1 : -1], _day_columns(standing, on), title=f"租房提取最近{LAST_DAYS}个到账日", size=LAST_DAYS,
        empty=f"{on.year}年还没有租房提取到账。",
    )  # fmt: skip
    return page(
        request, "hpf/supervisor/withdrawals.html", heading=f"{standing.name} 提取监管", on=on, latest=latest, standing=standing,
        figures=_figures(standing, on), line=_line(days, standing.plan, on, standing.name) if days else None, table=listed,
        grounds=_grounds(request, supervision.grounds(on, centre_id), on, centre_id),
        refusals=_refusals(request, supervision.refusals(on, centre_id), on, centre_id),
    )  # fmt: skip


@require_GET
@needs("page.supervisor")
def days(request: HttpRequest, centre_id: int) -> HttpResponse:
    """逐日: a centre's rent on every day of the year beside the plan. Three queries."""
    on, _ = day_of(request)
    standing = next((each for each in supervision.standings(on) if each.centre_id == centre_id), None)
    if standing is None:
        raise Http404
    listed = table(
        request, supervision.rent_days(on, centre_id), _day_columns(standing, on), title="租房提取逐日计划与实际", size=31, order="-paid_on",
        export=f"租房逐日_{standing.name}_{on}", empty=f"{on.year}年还没有租房提取到账。",
    )  # fmt: skip
    return list_page(request, "hpf/supervisor/withdrawal_cases.html", listed, standing=standing, on=on, heading="租房逐日")


@require_GET
@needs("page.supervisor")
def cases(request: HttpRequest, centre_id: int) -> HttpResponse:
    """下钻: a centre's applications behind a figure, without the people. Three queries."""
    on, _ = day_of(request)
    way, ground, law = (request.GET.get(name, "") for name in ("way", "ground", "law"))
    standing = next((each for each in supervision.standings(on) if each.centre_id == centre_id), None)
    if standing is None or way not in WAYS or ground not in ("", *Ground):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[CaseRow], int]:
        return supervision.cases(centre_id, on, way=way, ground=ground, law=law, limit=limit, offset=offset)

    looked_at(request, subject=f"提取监管下钻 {standing.name} {WAYS[way]}")
    filters = [
        Filter("way", "办理情况", list(WAYS.items())),
        Filter("ground", "提取情形", [("", "全部"), *((each.value, each.text) for each in Ground)]),
    ]
    listed = table(
        request, None, _case_columns(), fetch=fetch, filters=filters, title=f"依据{cited_text(law)}" if law else "提取申请", size=50,
        export=f"提取申请_{standing.name}_{on}", empty="没有这样的提取申请。",
    )  # fmt: skip
    return list_page(request, "hpf/supervisor/withdrawal_cases.html", listed, standing=standing, on=on, heading="提取申请")


def _figures(each: Standing, on: date) -> list[tuple[str, str, str]]:
    """The cards: label, figure, what stands below it."""
    set_by = f"{each.planned}家中心已设计划" if each.centre_id is None else f"全年计划 {each.plan.text} 元" if each.plan else "尚未设定计划"
    by_now = f"，按日均摊到今日应为{share(plan_by_now(each.plan, on).fen, each.plan.fen)}" if each.plan else ""
    return [
        ("租房计划完成", done(each), set_by + by_now),
        ("比上年同期", growth(each.rent, each.rent_before), f"上年同期 {each.rent_before.text} 元，上年全年 {each.rent_last_year.text} 元"),
        ("自动决定", share(each.automatic, each.decided), f"本年受理并已决定 {each.decided:,} 件，不予 {each.refused:,} 件"),
        ("申请到到账（中位数）", took(each.median_seconds), f"本年到账 {each.payments:,} 笔，{each.paid.text} 元"),
    ]


def _centre_columns(on: date) -> list[Column]:
    return [
        Column("name", "中心", lead=True, link=lambda s: reverse("web:supervised_centre", args=[s.centre_id]) + f"?on={on}"),
        Column("plan", "租房全年计划", "money"),
        Column("rent", "本年租房提取", "money", total=True, link=lambda s: _cases(s.centre_id, on, way="PAID", ground="RENT") if s.rent else None),
        Column("done", "完成计划", "figure", value=done, sort=False),
        Column("growth", "比上年同期", "figure", value=lambda s: growth(s.rent, s.rent_before), sort=False),
        Column("plan_growth", "计划比上年", "figure", value=lambda s: growth(s.plan, s.rent_last_year) if s.plan else "—", sort=False),
        Column("payments", "到账笔数", "count", total=True, link=lambda s: _cases(s.centre_id, on, way="PAID") if s.payments else None),
        Column("paid", "到账金额", "money", total=True),
        Column("automatic", "自动决定", "figure", value=lambda s: share(s.automatic, s.decided), sort=False),
        Column("median", "申请到到账", "figure", value=lambda s: took(s.median_seconds), sort=False),
        Column("refused", "不予件数", "count", total=True, link=lambda s: _cases(s.centre_id, on, way="REFUSED") if s.refused else None),
    ]  # fmt: skip


def _day_columns(standing: Standing, on: date) -> list[Column]:
    plan = standing.plan
    return [
        Column("paid_on", "到账日", "date", lead=True),
        Column("payments", "笔数", "count", total=True),
        Column("amount", "当日租房提取", "money", total=True),
        Column("to_date", "本年累计", "money"),
        Column("by_now", "计划按日均摊", "money", value=lambda d: plan_by_now(plan, d.paid_on) if plan else None),
        Column("done", "累计占全年计划", "figure", value=lambda d: share(d.to_date.fen, plan.fen) if plan else "未设计划", sort=False),
    ]  # fmt: skip


def _case_columns() -> list[Column]:
    return [
        Column("application_no", "提取申请号", "code", lead=True),
        Column("ground", "提取情形", value=lambda c: Ground(c.ground).text),
        Column("state", "申请状态", "state", family="withdrawal"),
        Column("accepted_on", "受理日", "date"),
        Column("channel", "办理渠道", "short", value=lambda c: CHANNELS.get(c.channel, "其他")),
        Column("outcome", "决定", "short", value=lambda c: OUTCOMES.get(c.outcome, "尚未决定")),
        Column("by_person", "决定方式", "short", value=lambda c: {True: "人工", False: "自动"}.get(c.by_person, "—")),
        Column("laws", "依据", value=lambda c: "、".join(cited_text(law) for law in c.laws)),
        Column("granted", "准予金额", "money"),
        Column("paid_on", "到账日", "date"),
        Column("seconds", "申请到到账", "figure", value=lambda c: took(c.seconds)),
    ]


def _grounds(request: HttpRequest, rows: list[GroundSum], on: date, centre_id: int | None = None) -> Table | HttpResponse:
    columns = [
        Column("ground", "提取情形", lead=True, value=lambda g: GROUNDS[Ground(g.ground)].label,
               link=(lambda g: _cases(centre_id, on, way="PAID", ground=g.ground)) if centre_id else None),
        Column("payments", "笔数", "count", total=True),
        Column("persons", "人数", "count"),
        Column("principal", "提取本金", "money", total=True),
        Column("interest", "销户利息", "money", total=True),
    ]  # fmt: skip
    return table(request, rows, columns, slug="grounds", title="按提取情形", size=len(Ground), empty="本年还没有提取到账。")


def _refusals(request: HttpRequest, rows: list[ArticleRefusals], on: date, centre_id: int | None = None) -> Table | HttpResponse:
    columns = [
        Column("law", "依据的条文", lead=True, value=lambda r: cited_text(r.law) if r.law else "未列条文",
               link=(lambda r: _cases(centre_id, on, way="REFUSED", law=r.law) if r.law else None) if centre_id else None),
        Column("applications", "不予件数", "count"),
    ]  # fmt: skip
    return table(request, rows, columns, slug="refusals", title="不予提取按条文", size=max(25, len(rows)), empty="本年没有不予提取的申请。")


def _line(days: list[RentDay], plan: Money | None, on: date, name: str) -> dict[str, object]:
    """Actual so far against the plan spread evenly, day by day from the first rent of the year."""
    by_day, so_far, shown = {each.paid_on: each.to_date for each in days}, ZERO, []
    day = date(on.year, 1, 1)
    while day <= on:
        so_far = by_day.get(day, so_far)
        shown.append((day, so_far))
        day += timedelta(days=1)
    series = [("实际累计", [drawn(amount.fen, "万元") for _, amount in shown])]
    if plan:
        series.append(("计划按日均摊", [drawn(plan_by_now(plan, each).fen, "万元") for each, _ in shown]))
    return chart("line", "万元", f"{name}{on.year}年租房提取的计划和实际累计", [f"{each:%m-%d}" for each, _ in shown], series)


def _cases(centre_id: int | None, on: date, **which: str) -> str:
    return reverse("web:supervised_cases", args=[centre_id]) + "?" + urlencode({"on": on.isoformat(), **which})
