"""The province's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.policy import queries as policy
from hpf.statistics import queries as statistics
from hpf.statistics.rules import ADDITIVE, Indicator, Scope
from hpf.web.clock import ask_close
from hpf.web.listing import Column, Filter, Table, list_page, table
from hpf.web.page import actor, looked_at, needs, page
from hpf.web.states import state_of
from hpf.web.supervisor.charts import chart, drawn
from hpf.web.supervisor.period import LABELS, Chosen, chosen

Glance = statistics.CentreGlance
RANKINGS: dict[str, tuple[str, str, Callable[[Glance], int]]] = {
    "month": ("本月缴存额", "万元", lambda g: g.contributed_month.fen),
    "year": ("本年缴存额", "万元", lambda g: g.contributed_year.fen),
    "balance": ("缴存余额", "万元", lambda g: g.balance.fen),
    "persons": ("缴存人数", "人", lambda g: g.persons),
    "suspense": ("暂收款", "万元", lambda g: g.suspense.fen),
}


@require_GET
@needs("page.supervisor")
def home(request: HttpRequest) -> HttpResponse:
    """全省总览: totals, ranking, the last months, and a row for each centre."""
    days = ledger.open_days()
    period = chosen(request, max(days.values(), default=None))
    centres = statistics.dashboard(period.on)
    by = request.GET.get("by", "month")
    if by not in RANKINGS:
        raise Http404
    label, unit, measure = RANKINGS[by]
    ranked = sorted(centres, key=measure, reverse=True)
    ranking = chart(
        "ranking", unit, f"各中心{label}排名", [g.short_name for g in ranked], [(label, [drawn(measure(g), unit) for g in ranked])]
    )
    ranking["links"] = [reverse("web:supervisor_centre", args=[g.centre_id]) + f"?{period.query}" for g in ranked]
    since = (Month.of(period.on) + -13).first_day
    points = statistics.series([g.centre_id for g in centres], _code_of("contributed"), "MONTH", since, period.on)
    line = chart(
        "bar",
        "万元",
        "全省近十四个月缴存额",
        [f"{p.period_on:%Y-%m}" for p in points],
        [("缴存额", [drawn(p.value, "万元") for p in points])],
    )
    listed = _centre_table(request, centres, period)
    if isinstance(listed, HttpResponse):
        return listed
    total = {
        "units": sum(g.units for g in centres), "persons": sum(g.persons for g in centres), "sealed": sum(g.persons_sealed for g in centres),
        "balance": Money.total(g.balance for g in centres), "month": Money.total(g.contributed_month for g in centres),
        "year": Money.total(g.contributed_year for g in centres), "to_date": Money.total(g.contributed_to_date for g in centres),
        "suspense": Money.total(g.suspense for g in centres), "red": sum(1 for g in centres if g.red_step),
        "counted": sum(1 for g in centres if g.counted_on),
    }  # fmt: skip
    return page(
        request, "hpf/supervisor/home.html", period=period, periods=LABELS, total=total, ranking=ranking, line=line, by=by,
        rankings=[(code, words[0]) for code, words in RANKINGS.items()], table=listed, count=len(centres), days=days, may_move=settings.HPF_DEMO_CLOCK,
        calendar=policy.calendar_reminder(max(days.values(), default=period.on)),
    )  # fmt: skip


def _books(glance: Glance) -> str:
    """How a centre's books stood when its last day was closed; without a closed day nothing can be said."""
    if glance.red_step:
        return "不符，当日未结账"
    return "未启用" if glance.business_on is None else "相符" if glance.counted_on else "尚未日终"


def _centre_table(request: HttpRequest, centres: list[Glance], period: Chosen) -> Table | HttpResponse:
    columns = [
        Column("short_name", "中心", lead=True, link=lambda g: reverse("web:supervisor_centre", args=[g.centre_id]) + f"?{period.query}"),
        Column("business_on", "会计日", "date"),
        Column("red_step", "账务", "short", value=_books),
        Column("units", "单位数", "count", total=True),
        Column("persons", "缴存人数", "count", total=True),
        Column("persons_sealed", "封存人数", "count", total=True),
        Column(
            "contributed_month",
            "本月缴存额",
            "money",
            total=True,
            link=lambda g: (
                reverse("web:drill", args=[g.centre_id, _code_of("contributed")]) + f"?period=MONTH&on={period.on.isoformat()}"
                if g.contributed_month
                else None
            ),
        ),
        Column("contributed_year", "本年缴存额", "money", total=True),
        Column("balance", "缴存余额", "money", total=True),
        Column("suspense", "暂收款", "money", total=True),
    ]
    return table(request, centres, columns, title=f"十六家机构（{period.text}）", size=20, export=f"全省总览_{period.on}")


@require_GET
@needs("page.supervisor")
def centre(request: HttpRequest, centre_id: int) -> HttpResponse:
    """One centre: its indicators of the period, each open to the rows behind it."""
    period = chosen(request, max(ledger.open_days().values(), default=None))
    glance = next((g for g in statistics.dashboard(period.on) if g.centre_id == centre_id), None)
    if glance is None:
        raise Http404
    figures = statistics.figures([centre_id], period.period, period.on)
    since = (Month.of(period.on) + -13).first_day
    points = statistics.series([centre_id], _code_of("contributed"), "MONTH", since, period.on)
    line = chart(
        "bar",
        "万元",
        f"{glance.short_name}近十四个月缴存额",
        [f"{p.period_on:%Y-%m}" for p in points],
        [("缴存额", [drawn(p.value, "万元") for p in points])],
    )
    listed = table(
        request,
        [f for f in figures if _is_of(f.indicator, period)],
        _figure_columns(period),
        title="指标",
        filters=_group_filter(),
        size=60,
        export=f"指标_{glance.short_name}_{period.on}",
    )
    return list_page(request, "hpf/supervisor/centre.html", listed, glance=glance, period=period, periods=LABELS, line=line)


@require_GET
@needs("page.supervisor")
def indicators(request: HttpRequest) -> HttpResponse:
    """缴存指标: every indicator with its definition and the province's value."""
    period = chosen(request, max(ledger.open_days().values(), default=None))
    rows = [i for i in statistics.indicators() if _is_of(i, period)]
    columns = [
        Column("code", "代码", "code"),
        Column("name", "指标", lead=True, link=lambda i: reverse("web:indicator", args=[i.code]) + f"?{period.query}"),
        Column("group", "类别", "short"),
        Column("unit", "单位", "short"),
        Column("scope", "口径", "short", value=lambda i: i.scope.label),
        Column("definition", "定义", sort=False),
        Column("waits_for", "数据来源", value=lambda i: f"待{i.waits_for}" if i.waits_for else "已统计"),
    ]
    listed = table(request, rows, columns, title="指标", filters=_group_filter(lambda i: i), size=60, export="指标目录")
    return list_page(request, "hpf/supervisor/indicators.html", listed, period=period, periods=LABELS)


@require_GET
@needs("page.supervisor")
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator over the sixteen centres."""
    try:
        wanted = statistics.indicator(code)
    except KeyError:
        raise Http404 from None
    period = chosen(request, max(ledger.open_days().values(), default=None))
    centres = {g.centre_id: g.short_name for g in statistics.dashboard(period.on)}
    figures = statistics.figures(list(centres), period.period, period.on, [code])
    ranked = sorted((f for f in figures if f.value is not None), key=lambda f: f.value or 0, reverse=True)
    unit = "万元" if wanted.is_money else wanted.unit
    drawing = chart(
        "ranking",
        unit,
        f"各中心{wanted.name}",
        [centres[f.centre_id] for f in ranked],
        [(wanted.name, [drawn(f.value or 0, unit) for f in ranked])],
    )
    may_drill = statistics.can_drill(code)
    columns = [
        Column("centre", "中心", value=lambda f: centres[f.centre_id], lead=True),
        Column(
            "text",
            "值",
            "figure",
            value=lambda f: f.text,
            sort=False,
            link=(lambda f: reverse("web:drill", args=[f.centre_id, code]) + f"?{period.query}") if may_drill else None,
        ),
    ]
    listed = table(request, figures, columns, title=f"{wanted.name}（{period.text}）", size=20, export=f"{wanted.name}_{period.on}")
    return list_page(
        request, "hpf/supervisor/indicator.html", listed, wanted=wanted, period=period, periods=LABELS, chart=drawing if ranked else None
    )


@require_GET
@needs("page.supervisor")
def drill(request: HttpRequest, centre_id: int, code: str) -> HttpResponse:
    """下钻: the business rows behind a figure; they add up to it."""
    try:
        wanted = statistics.indicator(code)
    except KeyError:
        raise Http404 from None
    period = chosen(request, max(ledger.open_days().values(), default=None))
    glance = next((g for g in statistics.dashboard(period.on) if g.centre_id == centre_id), None)
    if glance is None or not statistics.can_drill(code):
        raise Http404
    figure = next(iter(statistics.figures([centre_id], period.period, period.on, [code])))
    together = statistics.drill_sum(centre_id, code, period.period, period.on)

    def fetch(limit: int, offset: int) -> tuple[list[statistics.DrillRow], int]:
        return statistics.drill(centre_id, code, period.period, period.on, limit, offset), together.rows

    kinds = {"REMITTANCE": "清册", "JOURNAL": "分录", "EVENT": "账户事项"}
    money = wanted.is_money or not together.counts
    columns = [
        Column("kind", "种类", value=lambda r: kinds.get(r.kind, "其他")),
        Column("number", "编号", "code", lead=True),
        Column("on", "会计日", "date"),
        Column("detail", "内容", value=lambda r: _words(r.detail)),
        Column(
            "amount",
            "金额" if money else "数量",
            "money" if money else "count",
            value=(lambda r: Money(r.amount)) if money else None,
        ),
    ]
    looked_at(request, subject=f"下钻 {glance.short_name} {wanted.name}")
    listed = table(
        request, None, columns, fetch=fetch, title="业务明细", size=50, export=f"下钻_{glance.short_name}_{wanted.name}",
        empty="本期没有业务。",
    )  # fmt: skip
    total = f"{Money(together.amount).text}元" if money else f"{together.amount:,}"
    return list_page(request, "hpf/supervisor/drill.html", listed, wanted=wanted, glance=glance, figure=figure, period=period, total=total)


@require_GET
@needs("page.supervisor")
def balances(request: HttpRequest) -> HttpResponse:
    """账务平衡: where each centre's books stand."""
    days = ledger.open_days()
    centres = statistics.dashboard(max(days.values(), default=date(2000, 1, 1)))
    columns = [
        Column("short_name", "中心", lead=True),
        Column("business_on", "当前会计日", "date"),
        Column("counted_on", "统计至", "date"),
        Column("red_step", "账务", "short", value=_books),
        Column("suspense_items", "暂收笔数", "count", total=True),
        Column("suspense", "暂收金额", "money", total=True),
        Column("balance", "缴存余额", "money", total=True),
    ]
    listed = table(request, centres, columns, title="账务", size=20, export="账务平衡")
    return list_page(request, "hpf/list.html", listed, heading="账务平衡", lead="任何一项平衡关系不符，该中心当日不得结账")


@require_POST
@needs("page.supervisor")
def advance(request: HttpRequest) -> HttpResponse:
    """演示时钟: every centre closes its open day; the worker does it, one centre after the other."""
    if not settings.HPF_DEMO_CLOCK:
        raise Http404
    days = ledger.open_days()
    target = min(days.values(), default=None)
    if target is None or request.POST.get("on") != target.isoformat():
        messages.warning(request, "时钟已经在推进，请等待各中心完成后再试。")
        return redirect("web:supervisor_home")
    for centre_id, on in days.items():
        if on == target:
            ask_close(actor(request), centre_id, on)
    looked_at(request, kind="ASK", subject=f"推进演示时钟{target}")
    return redirect(reverse("web:clock") + f"?from={target.isoformat()}")


@require_GET
@needs("page.supervisor")
def clock(request: HttpRequest) -> HttpResponse:
    """How many centres have passed the day that is being closed."""
    try:
        start = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        raise Http404 from None
    days = ledger.open_days()
    context = {
        "done": sum(1 for on in days.values() if on > start),
        "total": len(days),
        "start": start,
        "later": max(days.values(), default=start),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "hpf/supervisor/clock_bar.html", context)
    return page(request, "hpf/supervisor/clock.html", **context)


def _figure_columns(period: Chosen) -> list[Column]:
    return [
        Column("name", "指标", value=lambda f: f.indicator.name, lead=True),
        Column("group", "类别", "short", value=lambda f: f.indicator.group),
        Column("scope", "口径", "short", value=lambda f: f.indicator.scope.label),
        Column(
            "text", "值", "figure", value=lambda f: f.text, sort=False,
            link=lambda f: reverse("web:drill", args=[f.centre_id, f.indicator.code]) + f"?{period.query}" if statistics.can_drill(f.indicator.code) and f.value else None,
        ),
        Column("unit", "单位", "short", value=lambda f: f.indicator.unit),
        Column("definition", "定义", value=lambda f: f.indicator.definition, sort=False),
    ]  # fmt: skip


def _group_filter(of: Callable[[Any], Any] = lambda f: f.indicator) -> list[Filter]:
    groups = dict.fromkeys(i.group for i in statistics.indicators())
    return [
        Filter("group", "类别", [("", "全部"), *((g, g) for g in groups)], keep=lambda row, v: of(row).group == v),
        Filter("text", "查找", keep=lambda row, v: v in of(row).name or v in of(row).code),
    ]


def _is_of(indicator: Indicator, period: Chosen) -> bool:
    """Whether a period shows the indicator: its own, and what is counted by the day over any period."""
    return indicator.period == period.period or period.period == "DAY" or (indicator.period == "DAY" and indicator.scope in ADDITIVE)


def _code_of(measure: str) -> str:
    """The first indicator of the law that counts this measure over a period."""
    return next(i.code for i in statistics.indicators() if i.measure == measure and i.scope is Scope.FLOW)


def _words(detail: str) -> str:
    """Codes inside a row's detail as words: "REGULAR 12" reads 汇缴 12."""
    parts = detail.split()
    words = [state_of(part)[0] if part.isascii() and part.replace("_", "").isalpha() else part for part in parts]
    return f"{words[0]} {words[1]}人" if len(parts) == 2 and parts[1].isdigit() and len(parts[1]) < 7 else " ".join(words)
