"""The parameters of a centre and a day with their citations, and the law article by article."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.policy import queries as policy
from hpf.policy.rules import Parameter, Unit
from hpf.policy.rules.coverage import ArticleCoverage
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import centre_id, needs, now
from hpf.withdrawals.rules import Ground

WORDS = {
    "DAY_PRODUCT_360": "按日积数，一年360日", "MONTH_WEIGHTS": "按月积数，一年12月", "CARRIED_FIRST": "先上年结转，后当年归集",
    "CURRENT_FIRST": "先当年归集，后上年结转", **{ground.value: ground.text for ground in Ground},
}  # fmt: skip
TOPICS = {
    "urging": "催缴",
    "ban": "失信限制",
    "freeze": "司法查控",
    "court": "司法查控",
    "transfer": "转移接续",
    "penalty": "处罚",
    "regulation": "条例",
    "timer": "办理时限",
    "contribution": "缴存",
    "interest": "利息",
    "withdrawal": "提取",
    "loan": "贷款",
    "recheck": "复核",
    "retirement": "退休",
    "surplus": "增值收益",
    "filing": "备案",
}


@require_GET
@needs("page.policy")
def parameters(request: HttpRequest) -> HttpResponse:
    """政策参数: what holds in one centre on one day, each value with its article and how far it may be trusted."""
    centres = parties.centres()
    chosen = _centre_asked(request, [view.centre_id for view in centres])
    on = _day_asked(request, chosen)
    book = policy.book(chosen, on)
    topics = Counter(topic(p.key) for p in book.parameters())
    filters = [
        Filter(
            "topic",
            "业务",
            [("", "全部"), *((t, f"{t}（{n}）") for t, n in topics.items())],
            keep=lambda p, v: topic(p.key) == v,
        ),
        Filter(
            "confidence",
            "可信程度",
            [
                ("", "全部"),
                ("VERIFIED", "已核对原文"),
                ("SECONDARY", "据转载资料"),
                ("RECALLED", "待核对原文"),
                ("DESIGNED", "系统设定"),
                ("DEMO", "演示值"),
            ],
            keep=lambda p, v: p.confidence == v,
        ),
        Filter("on", "日期", kind="date", value=on.isoformat()),
    ]
    if request.visit.audience == "SUPERVISOR":  # type: ignore[attr-defined]
        filters.insert(0, Filter("centre", "中心", [(str(c.centre_id), c.short_name) for c in centres], value=str(chosen)))
    name = next(c.name for c in centres if c.centre_id == chosen)
    districts = {b.district: b.district_name for b in parties.branches(chosen)}
    columns = [
        Column("topic", "业务", "short", value=lambda p: topic(p.key)),
        Column("label", "参数", value=lambda p: p.label or "未命名参数", link=lambda p: f"{request.path}{p.key}/", lead=True),
        Column("district", "区县", "short", value=lambda p: districts.get(p.district, p.district) if p.district else ""),
        Column("text", "值", value=value_text, sort=False),
        Column("since", "起始日期", "date"),
        Column("until", "终止日期", "date"),
        Column("citation", "依据"),
        Column("confidence", "可信程度", "short", value=lambda p: confidence(p.confidence)),
    ]
    listed = table(request, book.parameters(), columns, title="参数", filters=filters, export=f"政策参数_{name}_{on}", size=60)
    return list_page(
        request, "hpf/list.html", listed, heading="政策参数", lead=f"{name} · {on.year}年{on.month}月{on.day}日执行",
        note="“演示值”不是任何城市的政策，只供演示；“待核对原文”的数值在对外执行前须由政策部门核对。",
        links=[(f"尚未录入的参数（{len(book.unset())}）", f"unset/?centre={chosen}&on={on.isoformat()}", "info")],
    )  # fmt: skip


@require_GET
@needs("page.policy")
def unset(request: HttpRequest) -> HttpResponse:
    """尚未录入的参数: what no document has given this centre for the day; who needs such a value is referred to a person."""
    chosen = _centre_asked(request, [view.centre_id for view in parties.centres()])
    on = _day_asked(request, chosen)
    elsewhere = Counter(each.key for each in policy.parameters())
    columns = [
        Column("topic", "业务", "short", value=lambda row: topic(row[0])),
        Column("label", "参数", value=lambda row: row[1], link=lambda row: f"../{row[0]}/" if elsewhere[row[0]] else "", lead=True),
        Column("elsewhere", "其他中心或时期的取值", "count", value=lambda row: elsewhere[row[0]]),
    ]
    rows = sorted(policy.book(chosen, on).unset(), key=lambda row: topic(row[0]))
    name = parties.centre(chosen).name
    listed = table(request, rows, columns, title="尚未录入", export=f"尚未录入的参数_{name}_{on}", size=60, empty="所有参数都有取值。")
    return list_page(
        request, "hpf/list.html", listed, heading="尚未录入的参数", lead=f"{name} · {on.year}年{on.month}月{on.day}日",
        note="系统不代拟取值：遇到这些参数的业务转人工办理，并说明缺哪一项。请政策管理岗按有文号的文件录入。",
        links=[("返回政策参数", f"../?centre={chosen}&on={on.isoformat()}", "arrow-left")],
    )  # fmt: skip


@require_GET
@needs("page.policy")
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """One parameter: all its values, whichever centre and day."""
    values = policy.parameters(key)
    if not values:
        raise Http404
    names = {view.centre_id: view.short_name for view in parties.centres()} | {0: "全国", -1: "全省"}
    columns = [
        Column("centre", "适用范围", value=lambda p: names.get(p.centre, str(p.centre)), lead=True),
        Column("district", "区县"),
        Column("text", "值", value=value_text, sort=False),
        Column("since", "起始日期", "date"),
        Column("until", "终止日期", "date"),
        Column("citation", "依据"),
        Column("confidence", "可信程度", "short", value=lambda p: confidence(p.confidence)),
        Column("note", "说明"),
    ]
    listed = table(request, values, columns, title="历次取值", order="-since", export=f"参数沿革_{key}", size=100)
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading=values[0].label or "参数沿革",
        lead="参数沿革",
        links=[("返回政策参数", "../", "arrow-left")],
    )


@require_GET
@needs("page.policy")
def coverage(request: HttpRequest) -> HttpResponse:
    """法规对照: article by article, what carries it out, what tests it, or why it is not modelled."""
    rows = policy.coverage()
    sources = list(dict.fromkeys(row.article.source for row in rows))
    states = Counter(row.text for row in rows)
    columns = [
        Column(
            "citation", "条款", value=lambda r: r.article.citation + (f"（{r.article.edition}）" if r.article.edition else ""), lead=True
        ),
        Column("restated", "要旨", value=lambda r: r.article.restated),
        Column("state", "情况", value=_coverage_state),
        Column("how", "落实", value=_how),
        Column("golden", "范例", "count", value=lambda r: len(r.golden)),
        Column("confidence", "可信程度", "short", value=lambda r: confidence(r.article.confidence)),
    ]
    filters = [
        Filter("source", "文件", [("", "全部"), *((s, s) for s in sources)], keep=lambda r, v: r.article.source == v),
        Filter("state", "情况", [("", "全部"), *((s, f"{s}（{n}）") for s, n in states.items())], keep=lambda r, v: r.text == v),
        Filter("text", "查找", keep=lambda r, v: v in r.article.restated or v in r.article.citation),
    ]
    listed = table(request, rows, columns, title="条款", filters=filters, export="法规对照", size=40)
    return list_page(
        request, "hpf/list.html", listed, heading="法规对照", lead="每一条法规由哪些规则落实、由哪些范例检验；没有实现的写明原因"
    )


def topic(key: str) -> str:
    return TOPICS.get(key.split(".", maxsplit=1)[0], "其他")


def value_text(parameter: Parameter) -> str:
    """The value for people; coded choices in words, days of the year as 6月30日."""
    if parameter.unit is not Unit.TEXT:
        return parameter.text
    if re.fullmatch(r"\d\d-\d\d", parameter.value):
        return f"{int(parameter.value[:2])}月{int(parameter.value[3:])}日"
    return "、".join(WORDS.get(part, part) for part in parameter.value.split(","))


def confidence(code: str) -> SafeString:
    text = {"VERIFIED": "已核对原文", "SECONDARY": "据转载资料", "RECALLED": "待核对原文", "DESIGNED": "系统设定", "DEMO": "演示值"}.get(
        code, "其他"
    )
    return format_html('<span class="{}">{}</span>', "tag-demo" if code in ("DEMO", "RECALLED") else "tag", text)


def _coverage_state(row: ArticleCoverage) -> SafeString:
    tone = {"IMPLEMENTED": "good", "VALUE": "info", "NOT_MODELLED": "none", "OPEN": "bad"}[row.state]
    return format_html('<span class="state state-{}">{}</span>', tone, row.text)


def _how(row: ArticleCoverage) -> str:
    if row.functions or row.parameters:
        parts = [f"规则{len(row.functions)}条"] if row.functions else []
        parts += [f"参数{len(row.parameters)}项"] if row.parameters else []
        return "，".join(parts)
    return row.reason


def _centre_asked(request: HttpRequest, known: list[int]) -> int:
    own = centre_id(request)
    if own:
        return own
    asked = request.GET.get("centre", "1")
    if not asked.isdigit() or int(asked) not in known:
        raise Http404
    return int(asked)


def _day_asked(request: HttpRequest, chosen: int) -> date:
    asked = request.GET.get("on")
    if asked:
        try:
            return date.fromisoformat(asked)
        except ValueError:
            raise Http404 from None
    try:
        return ledger.business_day(chosen)
    except ledger.NoOpenDay:
        return now().date()
