"""差距: the passages on what is late, was returned, misses its target or was put off, with the reason of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from hpf.workplan.rules.report import (
    Facts,
    Item,
    Measured,
    Passage,
    centres_text,
    day,
    figure,
    in_order,
    is_late,
    listed,
    named,
    operator_text,
    short_day,
    who,
    why_late,
)


def late(facts: Facts) -> Iterator[Passage]:
    found = sorted(
        (each for each in facts.items if is_late(each, facts.until, facts.warn_days)), key=lambda each: (each.due_on, *in_order(each))
    )
    if not found:
        return
    longest = (facts.until - found[0].due_on).days
    if facts.centre_id is not None:
        rows = [
            (str(at), each.label, short_day(each.due_on, facts.year), str((facts.until - each.due_on).days), who(each), why_late(each))
            for at, each in enumerate(found, 1)
        ]
        text = f"截至{day(facts.until)}，逾期未完成{len(found)}个，最长逾期{longest}天。"
        heads = ("序号", "任务", "期限", "逾期\n天数", "责任科室\n责任人", "原因")
        yield listed("逾期事项及原因", text, heads, (7, 28, 12, 8, 14, 31), rows, {0, 2, 3})
        return
    centres = {each.centre_id: each.centre for each in found}
    count = {centre_id: sum(each.centre_id == centre_id for each in found) for centre_id in centres}
    most = sorted(centres, key=lambda centre_id: (-count[centre_id], centre_id))
    text = f"截至{day(facts.until)}，{len(centres)}个中心逾期未完成{len(found)}个，最长逾期{longest}天：{_counts(most, centres, count)}。"
    tasks: dict[tuple[int, str, date], list[Item]] = {}
    for each in found:
        tasks.setdefault((each.task_no, each.period, each.due_on), []).append(each)
    rows = [
        (
            str(at), own[0].label, short_day(own[0].due_on, facts.year), str((facts.until - own[0].due_on).days),
            centres_text(own, facts.items), "；".join(_reasons(own)),
        )
        for at, own in enumerate(tasks.values(), 1)
    ]  # fmt: skip
    heads = ("序号", "任务", "期限", "逾期\n天数", "中心", "原因")
    yield listed("逾期事项及原因", text, heads, (7, 26, 12, 8, 17, 30), rows, {0, 2, 3})


def _counts(most: Sequence[int], centres: dict[int, str], count: dict[int, int]) -> str:
    """Centres with the same number are named together."""
    groups: dict[int, list[str]] = {}
    for each in most:
        groups.setdefault(count[each], []).append(centres[each])
    return "，".join(f"{'、'.join(names)}{'各' if len(names) > 1 else ''}{number}个" for number, names in groups.items())


def _reasons(items: Sequence[Item]) -> Iterator[str]:
    """The same reason of several centres is said once."""
    told: dict[str, list[str]] = {}
    for each in items:
        told.setdefault(why_late(each), []).append(each.centre)
    for why, centres in sorted(told.items(), key=lambda each: len(each[1])):
        most = len(centres) > 5 and len(centres) * 2 > len(items)
        yield f"{f'其余{len(centres)}个中心' if most else '、'.join(centres)}：{why}" if len(told) > 1 else why


def returned(facts: Facts) -> Iterator[Passage]:
    items = {each.occurrence_id: each for each in facts.items}
    rows: list[tuple[str, ...]] = []
    for each in facts.returned:
        item = items.get(each.occurrence_id)
        if item:
            rows.append((str(len(rows) + 1), named(facts, item), short_day(each.on, facts.year), each.reason, item.state.label))
    if rows:
        text = f"{facts.this}省厅退回{len(rows)}次。"
        yield listed("退回事项及原因", text, ("序号", "任务", "退回", "退回原因", "目前状态"), (7, 34, 12, 35, 12), rows, {0, 2, 4})


def measured(facts: Facts) -> Iterator[Passage]:
    known = [each for each in facts.measured if each.value is not None and each.target is not None]
    if not facts.measured:
        return
    met = sum(each.gap == 0 for each in known)
    missing = len(facts.measured) - len(known)
    text = f"由数值衡量的任务{len(facts.measured)}项次，达到目标{met}项次，未达到{len(known) - met}项次"
    text += f"，尚无数值{missing}项次。" if missing else "。"
    rows = [
        (
            str(at), f"{each.task_no}. {each.title}" if facts.centre_id is not None else f"{each.centre}：{each.task_no}. {each.title}",
            f"{operator_text(each.operator)}{figure(each.target)}{each.unit if each.target is not None else ''}",
            figure(each.value) + (each.unit if each.value is not None else ""), _gap(each), _change(each), each.source,
        )
        for at, each in enumerate(facts.measured, 1)
    ]  # fmt: skip
    heads = ("序号", "任务", "目标", "数值", "差距", "比上月", "数值来源")
    yield listed("目标任务完成情况", text, heads, (7, 27, 16, 12, 12, 12, 14), rows, {0, 2, 3, 4, 5})


def _gap(measured: Measured) -> str:
    gap = measured.gap
    return "—" if gap is None else "达到" if gap == 0 else f"{figure(gap)}{measured.unit}"


def _change(measured: Measured) -> str:
    if measured.value is None or measured.before is None:
        return "—"
    change = measured.value - measured.before
    return "持平" if change == 0 else f"{'上升' if change > 0 else '下降'}{figure(abs(change))}{measured.unit}"


def moved(facts: Facts) -> Iterator[Passage]:
    items = {each.occurrence_id: each for each in facts.items}
    rows = [
        (
            str(at),
            named(facts, items[each.occurrence_id]),
            short_day(each.from_on, facts.year),
            short_day(each.to_on, facts.year),
            each.reason,
            f"{each.by}\n{short_day(each.on, facts.year)}",
        )
        for at, each in enumerate((each for each in facts.moved if each.occurrence_id in items), 1)
    ]
    if rows:
        heads = ("序号", "任务", "原期限", "调整后", "原因", "调整人")
        yield listed("期限调整", f"{facts.this}调整期限{len(rows)}次。", heads, (7, 29, 12, 12, 27, 13), rows, {0, 2, 3})
