"""报告行文: the facts in the sober Chinese of an official report. Every figure is counted; what is empty is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from hpf.workplan.rules import report_shortfalls as shortfalls
from hpf.workplan.rules.numerals import chinese
from hpf.workplan.rules.ranking import Place, rank, rule_text
from hpf.workplan.rules.report import (
    Facts,
    Item,
    Passage,
    Report,
    Signature,
    Summary,
    Table,
    centres_of,
    centres_text,
    day,
    in_order,
    is_late,
    listed,
    part_text,
    share_text,
    short_day,
    summary,
    tallies,
    who,
)
from hpf.workplan.rules.states import OccurrenceState

PROVINCE_READS = "甘肃省住房和城乡建设厅"


def compose(facts: Facts) -> Report:
    """The whole report. Sections are numbered as they come; those about nothing do not come."""
    passages = tuple(_numbered(_passages(facts)))
    about = f"{facts.centre or '全省'}{facts.period}工作要点"
    return Report(
        title=_title(facts),
        addressee="各住房公积金管理中心，省住房资金管理中心：" if facts.centre_id is None else f"{facts.issuer or PROVINCE_READS}：",
        opening=_opening(facts),
        passages=passages,
        closing="特此通报。" if facts.centre_id is None else "特此报告。",
        signature=Signature(
            unit=(facts.issuer or PROVINCE_READS) if facts.centre_id is None else facts.centre,
            head="负责人（签字）" if facts.centre_id is None else "主任（签字）",
            made_by=facts.made_by,
            signed_on=day(facts.made_on),
        ),
        filename=f"{about}落实情况{'通报' if facts.centre_id is None else '报告'}",
        attachment=f"{about}台账" if any(each.left_out for each in passages) else "",
    )


def _title(facts: Facts) -> str:
    if facts.centre_id is None:
        return f"关于{facts.period}全省住房公积金工作要点\n落实情况的通报"
    return f"{facts.centre}\n关于{facts.period}工作要点落实情况的报告"


def _opening(facts: Facts) -> str:
    plan = f"{facts.issuer}《{facts.plan_title}》" + (f"（{facts.plan_number}）" if facts.plan_number else "")
    who = "全省" if facts.centre_id is None else "我中心"
    verb = "通报" if facts.centre_id is None else "报告"
    return f"按照{plan}和台账化管理、清单式推进的要求，现将{who}截至{day(facts.until)}的工作要点落实情况{verb}如下。"


def _passages(facts: Facts) -> Iterator[Passage]:
    if not facts.items:
        yield Passage(
            "总体情况", 1, (f"截至{day(facts.until)}，工作要点没有交办{'各中心' if facts.centre_id is None else '我中心'}的任务。",)
        )
        return
    yield _overall(facts)
    yield from _finished(facts)
    yield from shortfalls.late(facts)
    yield from shortfalls.returned(facts)
    yield from shortfalls.measured(facts)
    yield from shortfalls.moved(facts)
    if facts.centre_id is None:
        yield _ranking(facts)
    yield from _due_next(facts)
    yield from _measures(facts)


def _numbered(passages: Iterable[Passage]) -> Iterator[Passage]:
    first = second = 0
    for each in passages:
        heading = each.heading
        if each.level == 1:
            first, second = first + 1, 0
            heading = f"{chinese(first)}、{heading}"
        elif each.level == 2:
            second += 1
            heading = f"（{chinese(second)}）{heading}"
        yield replace(each, heading=heading)


# ------------------------------------------------------------------ one passage each


def _overall(facts: Facts) -> Passage:
    told = summary(facts.items, facts.until, facts.next_until, facts.warn_days)
    who = "我中心承担" if facts.centre_id is not None else f"全省{len({each.centre_id for each in facts.items})}个中心共承担"
    sentences = [f"{who}工作要点任务{told.tasks}项，按期限分为{told.occurrences}个期次。"]
    if told.due:
        parts = [f"按时上报{told.on_time}个"]
        parts += [f"逾期后上报{told.reported_late}个"] if told.reported_late else []
        parts += [f"逾期未上报{told.unreported}个"] if told.unreported else []
        parts += [f"当日到期尚未上报{told.due_today}个"] if told.due_today else []
        parts += [f"数值已达标尚未上报{told.met_alone}个"] if told.met_alone else []
        sentences.append(
            f"截至{day(facts.until)}，到期和提前上报的共{told.due}个，其中{'，'.join(parts)}；按时率{share_text(told.on_time, told.due)}。"
        )
        kinds = [(told.accepted, "省厅已认可"), (told.waiting, "已上报待认可"), (told.returned, "退回后尚未重新上报")]
        if said := [f"{text}{count}个" for count, text in kinds if count]:
            sentences.append(f"{'，'.join(said)}。")
        if told.unmet:
            sentences.append(f"已上报的有{told.unmet}个数值未达到目标，按逾期未完成管理。")
    if told.due_next:
        sentences.append(f"{facts.next_period}到期{told.due_next}个。")
    return Passage(
        "总体情况", 1, ("".join(sentences),), _by_part(facts, told), f"工作要点各部分进展情况（截至{day(facts.until)}，单位：个）"
    )


_HEADS = ("部分", "任务\n项数", "期次", "到期", "按时\n上报", "逾期后\n上报", "逾期\n未完成", "已认可", "退回\n未报", "后续\n到期")


def _by_part(facts: Facts, total: Summary) -> Table:
    parts: dict[tuple[str, str], list[Item]] = {}
    for each in facts.items:
        parts.setdefault((each.part, each.part_heading), []).append(each)
    rows = [
        _counted(
            part_text(part, heading),
            summary(own, facts.until, facts.next_until, facts.warn_days),
        )
        for (part, heading), own in parts.items()
    ]
    return Table(_HEADS, (23, 9, 8, 8, 9, 10, 10, 10, 9, 9), (*rows, _counted("合计", total)), frozenset(range(1, 10)))


def _counted(name: str, told: Summary) -> tuple[str, ...]:
    figures = (
        told.tasks,
        told.occurrences,
        told.due,
        told.on_time,
        told.reported_late,
        told.late,
        told.accepted,
        told.returned,
        told.due_next,
    )
    return (name, *map(str, figures))


def _finished(facts: Facts) -> Iterator[Passage]:
    """What was accepted within the time, or reported and waits."""
    accepted = [
        each for each in facts.items if each.decided_on and facts.since <= each.decided_on and each.state is OccurrenceState.ACCEPTED
    ]
    waiting = [
        each for each in facts.items if each.state is OccurrenceState.REPORTED and each.reported_on and facts.since <= each.reported_on
    ]
    if not accepted and not waiting:
        return
    said = [f"{text}{len(rows)}个" for rows, text in ((accepted, "省厅认可"), (waiting, "上报待认可")) if rows]
    text = f"{facts.this}{'，'.join(said)}。"
    if facts.centre_id is None:
        yield Passage(f"{facts.this}完成情况", 1, (text, *_complete(facts)))
        return
    rows = [
        (str(at), each.label, each.section or "—", short_day(each.reported_on, facts.year), short_day(each.decided_on, facts.year) if each in accepted else "待认可", each.words or "见佐证材料")
        for at, each in enumerate(sorted([*accepted, *waiting], key=in_order), 1)
    ]  # fmt: skip
    yield listed(
        facts,
        f"{facts.this}完成情况",
        text,
        ("序号", "任务", "责任科室", "上报", "认可", "完成情况"),
        (7, 31, 13, 12, 12, 25),
        rows,
        {0, 3, 4},
    )


def _complete(facts: Facts) -> Iterator[str]:
    """Tasks that every centre has finished, where the last acceptance fell into this time."""
    tasks: dict[int, list[Item]] = {}
    for each in facts.items:
        tasks.setdefault(each.task_no, []).append(each)
    done = [
        rows[0].title
        for rows in tasks.values()
        if all(each.state is OccurrenceState.ACCEPTED and each.decided_on for each in rows)
        and max(each.decided_on for each in rows if each.decided_on) >= facts.since
    ]
    if done:
        yield f"至此全部完成的任务{len(done)}项：{'；'.join(done)}。"


def _ranking(facts: Facts) -> Passage:
    places = rank(tallies(facts.items, facts.until, facts.centres))
    rows = tuple(
        ("—" if each.place is None else str(each.place), each.name, each.score or "—", *(share.text for share in each.shares), _tie(each))
        for each in places
    )
    heads = ("名次", "中心", "得分", "按时率", "认可率", "达标率", "说明")
    return Passage(
        "各中心排名", 1, (f"排名规则：{''.join(rule_text())}",),
        Table(heads, (6, 11, 9, 22, 22, 20, 10), rows, frozenset(range(7))), f"各中心工作要点落实情况排名（截至{day(facts.until)}）",
    )  # fmt: skip


def _tie(place: Place) -> str:
    """Whom a place is shared with is seen in the table itself."""
    if place.place is None:
        return "不参加排名"
    return "名次并列" if "并列" in place.tie else "得分相同" if place.tie else ""


def _due_next(facts: Facts) -> Iterator[Passage]:
    coming = sorted(_coming(facts), key=lambda each: (each.due_on, *in_order(each)))
    if not coming:
        return
    if facts.centre_id is not None:
        own_rows = [
            (str(at), short_day(each.due_on, facts.year), each.label, who(each), each.state.label) for at, each in enumerate(coming, 1)
        ]
        text = f"{facts.next_period}到期{len(coming)}个。"
        heads = ("序号", "期限", "任务", "责任科室\n责任人", "目前状态")
        yield listed(facts, f"{facts.next_period}到期事项", text, heads, (7, 13, 47, 20, 13), own_rows, {0, 1, 4})
        return
    tasks: dict[tuple[date, int, str], list[Item]] = {}
    for each in coming:
        tasks.setdefault((each.due_on, each.task_no, each.period), []).append(each)
    every = centres_of(facts.items)
    rows = [
        (
            str(at),
            short_day(own[0].due_on, facts.year),
            own[0].label,
            centres_text(own, every),
        )
        for at, own in enumerate(tasks.values(), 1)
    ]
    text = f"{facts.next_period}到期任务{len(rows)}项，涉及各中心期次{len(coming)}个。"
    yield listed(facts, f"{facts.next_period}到期事项", text, ("序号", "期限", "任务", "尚未上报的中心"), (7, 13, 44, 36), rows, {0, 1})


def _coming(facts: Facts) -> list[Item]:
    return [each for each in facts.items if facts.until < each.due_on <= facts.next_until and not each.stands_reported]


def _measures(facts: Facts) -> Iterator[Passage]:
    """What a centre does about what is late, returned or due next; the province counts."""
    if facts.centre_id is None:
        if facts.measures:
            done = sum(each.state == "DONE" for each in facts.measures)
            centres = len({each.centre_id for each in facts.measures})
            yield Passage("措施落实", 1, (f"{centres}个中心登记具体措施{len(facts.measures)}条，已完成{done}条。",))
        return
    pressing = {each.task_no: each for each in facts.items if _is_pressing(facts, each)}
    rows: list[tuple[str, ...]] = []
    planned: set[int] = set()
    for measure in facts.measures:
        if measure.task_no in pressing and measure.state == "OPEN":
            planned.add(measure.task_no)
            doer = "\n".join(name for name in (measure.section, measure.person) if name) or "—"
            rows.append(
                (pressing[measure.task_no].title, measure.title, doer, short_day(measure.due_on, facts.year) if measure.due_on else "—")
            )
    for number, each in pressing.items():
        if number not in planned and each.measure_text:
            planned.add(number)
            rows.append((each.title, each.measure_text, who(each), short_day(each.due_on, facts.year)))
    without = [
        each.title for number, each in sorted(pressing.items()) if number not in planned and is_late(each, facts.until, facts.warn_days)
    ]
    paragraphs = [f"针对逾期、退回和{facts.next_period}到期的任务，采取以下措施。"] if rows else []
    paragraphs += [f"尚未明确措施的逾期任务{len(without)}项：{'；'.join(without)}。"] if without else []
    if paragraphs:
        numbered = [(str(at), *row) for at, row in enumerate(rows, 1)]
        heads = ("序号", "任务", "具体措施", "责任科室\n责任人", "完成时限")
        yield listed(facts, "下一步措施", paragraphs, heads, (7, 27, 37, 16, 13), numbered, {0, 4})


def _is_pressing(facts: Facts, item: Item) -> bool:
    return (
        is_late(item, facts.until, facts.warn_days)
        or item.state is OccurrenceState.RETURNED
        or (facts.until < item.due_on <= facts.next_until and not item.stands_reported)
    )
